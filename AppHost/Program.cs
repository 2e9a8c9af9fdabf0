// The whole system on one page: what runs, and what refers to what.
using Son1kVers3.AppHost;
using Son1kVers3.Machine;

var builder = DistributedApplication.CreateBuilder(HostSettings.Normalize(args));
var settings = new HostSettings(builder);
await StudioTools.PrepareAsync(builder.ExecutionContext.IsRunMode, settings.Consent);

// State: Postgres is the truth, Redis what may be lost or rebuilt, RabbitMQ what services tell each other.
var postgres = builder.AddPostgres("postgres").WithDataVolume();
var redis = builder.AddRedis("redis").WithDataVolume();
var messaging = builder.AddRabbitMQ("messaging").WithDataVolume();

// Secrets: made once per machine, handed to every replica that needs them.
var signingSecret = builder.AddParameter("auth-signing-secret", new RandomKey(), secret: true, persist: true);
var masterKey = builder.AddParameter("stealth-master-key", new RandomKey(), secret: true, persist: true);
var egressCredential = builder.AddParameter("egress-credential", new RandomKey(), secret: true, persist: true);
var mediaKey = builder.AddParameter("media-signing-key", new RandomKey(), secret: true, persist: true);

// Services: each with a database of its own. They meet over messages; addresses are for plain reads (profile's keys, stealth's egress).
var profile = builder.AddService<Projects.Profile>("profile", settings)
    .WithState(postgres.AddDatabase("profiledb"), redis, messaging)
    .WithEnvironment("Auth__SigningSecret", signingSecret)
    .WithEnvironment("Alvae__FounderEmail", settings.FounderEmail);

var billing = builder.AddService<Projects.Billing>("billing", settings)
    .WithState(postgres.AddDatabase("billingdb"), redis, messaging)
    .WithReference(profile)
    .WithEnvironment("GATEWAY_PORT", settings.GatewayPortText)
    .WithStripe(settings);

var pool = builder.AddService<Projects.Pool>("pool", settings)
    .WithState(postgres.AddDatabase("pooldb"), redis, messaging)
    .WithReference(profile);

var stealth = builder.AddService<Projects.Stealth>("stealth", settings)
    .WithState(postgres.AddDatabase("stealthdb"), redis, messaging)
    .WithReference(profile)
    .WithEnvironment("Stealth__MasterKey", masterKey)
    .WithEnvironment("Egress__Credential", egressCredential);

var generation = builder.AddService<Projects.Generation>("generation", settings)
    .WithState(postgres.AddDatabase("generationdb"), redis, messaging)
    .WithReference(profile)
    .WithReference(stealth)
    .WithEnvironment("Egress__Credential", egressCredential)
    .WithEnvironment("Media__SigningKey", mediaKey)
    .WithMediaFolder(settings);

// The one public origin. It starts beside the services, and is healthy once each of them has been ready.
builder.AddGateway<Projects.Gateway>("gateway", settings)
    .WithReference(redis).WaitFor(redis)
    .WithReference(profile)
    .WithReference(billing)
    .WithReference(pool)
    .WithReference(stealth)
    .WithReference(generation)
    .WithEnvironment("RATE_LIMIT_SCALE", settings.RateLimitScale);

builder.Build().Run();
