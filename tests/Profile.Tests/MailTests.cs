using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.Protocol;
using SmtpServer.Storage;
using Son1kVers3.Testing;

namespace Son1kVers3.Profile.Tests;

/// <summary>Mails over SMTP to a server that takes them as any would.</summary>
[Trait("Category", "Integration")]
public sealed class MailTests
{
    private const string Password = "let-the-mail-through";

    [Fact]
    public async Task Mail_WhenAMemberSignsUp_LeavesBySmtpSignedInAndWithALinkOfOurs()
    {
        using var server = new MailServer();
        await using var profile = await StartAsync(server, tls: false, ("Mail:Smtp:User", "son1k"), ("Mail:Smtp:Password", Password));
        await RegisterAsync(profile, "ana@example.org");
        var mail = await server.FirstAsync();
        Assert.Equal(("Confirm your address", "ana@example.org"), (mail.Subject, ((MailboxAddress)mail.To[0]).Address));
        Assert.Contains($"{ProfileFixture.PublicUrl}/", mail.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", mail.TextBody, StringComparison.Ordinal);
        Assert.Equal(("son1k", Password), server.SignIns.Single());
    }

    [Fact]
    public async Task Mail_WhenTheServerRefusesForNow_IsSentOnceLater()
    {
        using var server = new MailServer() { IsBusy = true };
        var clock = new MovableClock().Stop();
        await using var profile = await StartAsync(server, tls: false, clock);
        await RegisterAsync(profile, "bea@example.org");
        await Eventually.TrueAsync(() => Task.FromResult(server.Attempts == 1), "it was tried");
        server.IsBusy = false;
        clock.Advance(TimeSpan.FromMinutes(2));
        await server.FirstAsync();
        clock.Advance(TimeSpan.FromHours(1));
        await Task.Delay(4000);
        Assert.Single(server.Mails);
    }

    [Fact]
    public async Task Mail_WhenTlsIsRequiredAndTheServerOffersNone_IsNotHandedOver()
    {
        using var server = new MailServer();
        await using var profile = await StartAsync(server, tls: true, ("Mail:Smtp:User", "son1k"), ("Mail:Smtp:Password", Password));
        await RegisterAsync(profile, "eva@example.org");
        await Eventually.TrueAsync(() => Task.FromResult(server.Sessions > 0), "it was tried");
        await Task.Delay(500);
        Assert.Empty(server.Mails);
        Assert.Empty(server.SignIns);
    }

    [Fact]
    public async Task Mail_WhenTheServersCertificateIsNotTrusted_IsNotHandedOver()
    {
        using var server = new MailServer(SelfSigned());
        await using var profile = await StartAsync(server, tls: true);
        await RegisterAsync(profile, "lia@example.org");
        await Eventually.TrueAsync(() => Task.FromResult(server.Sessions > 0), "it was tried");
        await Task.Delay(500);
        Assert.Empty(server.Mails);
    }

    /// <summary>
    /// In a process of its own, because the certificates that a machine trusts are read by OpenSSL, for the whole process: <c>SSL_CERT_FILE</c> stands for
    /// what <c>update-ca-certificates</c> writes.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Mail_WhenAPrivateAuthorityIsTrusted_LeavesByStartTls_UnlessARevocationListIsAskedForThatItHasNot(bool checkRevocation)
    {
        using var authority = new PrivateAuthority();
        using var server = new MailServer(authority.Issue("localhost"));
        var servers = await ServerSet.GetAsync();
        using var profile = await ServiceProcess.StartAsync(typeof(Program), new Dictionary<string, string>
        {
            ["ConnectionStrings__profiledb"] = await servers.CreateDatabaseAsync("profile"),
            ["ConnectionStrings__messaging"] = await servers.CreateVirtualHostAsync(),
            ["ConnectionStrings__redis"] = servers.CreateRedisDatabase(),
            ["SSL_CERT_FILE"] = authority.File,
            ["Mail__Smtp__Host"] = "localhost",
            ["Mail__Smtp__Port"] = $"{server.Port}",
            ["Mail__Smtp__CheckRevocation"] = $"{checkRevocation}",
        });
        await RegisterAsync(profile.Client(), "zoe@example.org");
        if (checkRevocation)
        {
            await Eventually.TrueAsync(() => Task.FromResult(server.Sessions > 0), "it was tried");
            await Task.Delay(500);
            Assert.Empty(server.Mails);
            return;
        }

        Assert.Equal("zoe@example.org", ((MailboxAddress)(await server.FirstAsync()).To[0]).Address);
        Assert.True(server.WasSecure);
    }

    private static Task<ServiceHost<Program>> StartAsync(MailServer server, bool tls, params ReadOnlySpan<(string Key, string Value)> more) => StartAsync(server, tls, null, more);

    private static Task<ServiceHost<Program>> StartAsync(MailServer server, bool tls, TimeProvider? clock, params ReadOnlySpan<(string Key, string Value)> more)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Passwords:Iterations"] = "1000",
            ["PUBLIC_URL"] = ProfileFixture.PublicUrl,
            ["Mail:Smtp:Host"] = "127.0.0.1",
            ["Mail:Smtp:Port"] = server.Port.ToString(),
            ["Mail:Smtp:RequireTls"] = tls.ToString(),
        };
        foreach (var (key, value) in more)
            settings[key] = value;
        return ServiceHost<Program>.StartAsync("profile", settings, clock);
    }

    private static Task RegisterAsync(ServiceHost<Program> profile, string email) => RegisterAsync(profile.Client(), email);

    private static async Task RegisterAsync(HttpClient profile, string email)
    {
        using var client = profile;
        // Whatever a request says of hosts, links are ours.
        client.DefaultRequestHeaders.Add("X-Forwarded-Host", "evil.example");
        client.DefaultRequestHeaders.Host = "evil.example";
        using var made = await client.PostAsJsonAsync("/api/auth/register", new { email, username = email.Split('@')[0], password = ProfileFixture.Password });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    /// <summary>An authority as a company runs its own: nobody knows it, and it publishes no revocation list.</summary>
    private sealed class PrivateAuthority : IDisposable
    {
        private readonly RSA _key = RSA.Create(2048);
        private readonly X509Certificate2 _certificate;

        public PrivateAuthority()
        {
            var request = new CertificateRequest("CN=A private authority", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
            _certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-2), TimeProvider.System.GetUtcNow().AddDays(2));
            File = Path.Combine(TestRun.CreateFolder("authority"), "ca.pem");
            System.IO.File.WriteAllText(File, _certificate.ExportCertificatePem());
        }

        /// <summary>Its certificate, for who shall trust it.</summary>
        public string File { get; }

        public X509Certificate2 Issue(string host)
        {
            using var key = RSA.Create(2048);
            var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(host);
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
            using var issued = request.Create(_certificate, TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1), RandomNumberGenerator.GetBytes(8));
            using var made = issued.CopyWithPrivateKey(key);
            return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
        }

        public void Dispose()
        {
            _certificate.Dispose();
            _key.Dispose();
        }
    }

    private sealed class MailServer : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly ConcurrentQueue<MimeMessage> _mails = [];
        private int _attempts;
        private int _sessions;

        /// <param name="certificate">With one it offers STARTTLS.</param>
        public MailServer(X509Certificate2? certificate = null)
        {
            var options = new SmtpServerOptionsBuilder().ServerName("localhost").Endpoint(endpoint =>
            {
                endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, Port)).AllowUnsecureAuthentication();
                if (certificate is not null)
                    endpoint.Certificate(certificate).SupportedSslProtocols(SslProtocols.Tls12 | SslProtocols.Tls13);
            }).Build();
            var services = new SmtpServer.ComponentModel.ServiceProvider();
            services.Add(new Store(this));
            services.Add(new Authenticator(this));
            var server = new SmtpServer.SmtpServer(options, services);
            server.SessionCreated += (_, _) => Interlocked.Increment(ref _sessions);
            _ = server.StartAsync(_stop.Token);
        }

        public int Port { get; } = FreePort.Next();
        public bool IsBusy { get; set; }
        public int Attempts => _attempts;
        public int Sessions => _sessions;
        public IReadOnlyList<MimeMessage> Mails => [.. _mails];

        /// <summary>The last mail came over TLS.</summary>
        public bool WasSecure { get; private set; }
        public ConcurrentQueue<(string User, string Password)> SignIns { get; } = [];

        public async Task<MimeMessage> FirstAsync()
        {
            await Eventually.TrueAsync(() => Task.FromResult(!_mails.IsEmpty), "the mail is there");
            return _mails.First();
        }

        public void Dispose()
        {
            _stop.Cancel();
            _stop.Dispose();
        }

        // Of their own: the library disposes of what it was given after each session.
        private sealed class Store(MailServer server) : MessageStore
        {
            public override async Task<SmtpResponse> SaveAsync(
                ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
            {
                Interlocked.Increment(ref server._attempts);
                if (server.IsBusy)
                    return SmtpResponse.MailboxUnavailable;
                server.WasSecure = context.Pipe.IsSecure;
                using var stream = new MemoryStream(buffer.ToArray());
                server._mails.Enqueue(await MimeMessage.LoadAsync(stream, cancellationToken));
                return SmtpResponse.Ok;
            }
        }

        private sealed class Authenticator(MailServer server) : UserAuthenticator
        {
            public override Task<bool> AuthenticateAsync(ISessionContext context, string user, string password, CancellationToken cancellationToken)
            {
                server.SignIns.Enqueue((user, password));
                return Task.FromResult(password == Password);
            }
        }
    }
}
