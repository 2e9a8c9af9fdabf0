namespace Son1kVers3.Profile.Mail;

/// <summary>How mail leaves: settings <c>Mail:*</c>, and <c>PUBLIC_URL</c> for the links in it.</summary>
internal sealed class MailOptions
{
    /// <summary>The sender.</summary>
    public string From { get; init; } = "Son1kVers3 <no-reply@son1kvers3.dev>";

    /// <summary>Without a host no mail is sent.</summary>
    public SmtpOptions Smtp { get; init; } = new();

    /// <summary>
    /// Shows mails on a page of this service instead of sending them, when there is no SMTP server. Whoever reads that page owns every account, so the
    /// host allows it only while the platform listens on loopback.
    /// </summary>
    public bool DevelopmentMailbox { get; init; }

    /// <summary>Mails reach somebody.</summary>
    public bool Delivers => Smtp.Host is { Length: > 0 } || DevelopmentMailbox;

    /// <summary>The page exists.</summary>
    public bool HasMailbox => DevelopmentMailbox && Smtp.Host is not { Length: > 0 };
}

/// <summary>An SMTP server.</summary>
internal sealed class SmtpOptions
{
    public string? Host { get; init; }
    public int Port { get; init; } = 587;
    public string? User { get; init; }
    public string? Password { get; init; }

    /// <summary>False only for servers on the same machine or network that offer no TLS.</summary>
    public bool RequireTls { get; init; } = true;

    /// <summary>False for servers whose certificate names no revocation list, as those of a private authority.</summary>
    public bool CheckRevocation { get; init; } = true;
}

/// <summary>Where the web app is: the only base of links, whatever a request's headers say.</summary>
internal sealed class PublicAddress(IConfiguration configuration)
{
    private readonly string _base = Base(configuration);

    /// <summary>An absolute address of a page of ours.</summary>
    public string Of(string path) => _base + path;

    private static string Base(IConfiguration configuration)
    {
        var url = configuration["PUBLIC_URL"] is { Length: > 0 } given ? given : $"http://localhost:{configuration["GATEWAY_PORT"] ?? "8080"}";
        return Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? url.TrimEnd('/')
            : throw new InvalidOperationException($"PUBLIC_URL is '{url}'; it must be an http or https address.");
    }
}
