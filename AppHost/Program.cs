// The whole system on one page: what runs, and what refers to what.
using Son1kVers3.AppHost;
using Son1kVers3.AppHost.Lifetime;
using Son1kVers3.AppHost.Secrets;
using Son1kVers3.LocalServers;

var builder = DistributedApplication.CreateBuilder(HostSettings.Normalize(args));
var settings = new HostSettings(builder);
if (!await LocalRun.PrepareAsync(builder, settings))
    return;

// State: Postgres is the truth, Redis what may be lost or rebuilt, RabbitMQ what services tell each other.
// In containers; where no container runtime is, the programs of this machine.
var postgres = builder.AddPostgres("postgres", password: builder.AddPassword("postgres-password", settings)).WithDataVolume().WithLocalProgram(settings.Data);
var redis = builder.AddRedis("redis", port: null, builder.AddPassword("redis-password", settings)).WithDataVolume().WithLocalProgram(settings.Data);
var messaging = builder.AddRabbitMQ("messaging", password: builder.AddPassword("messaging-password", settings)).WithDataVolume().WithLocalProgram(settings.Data);

// Secrets: made once and kept with the data, handed to every replica that needs them. All services show each other the first at /internal.
var credential = builder.AddSecret("service-credential", new RandomKey(), settings);
var signingSecret = builder.AddSecret("auth-signing-secret", new RandomKey(), settings);
var masterKey = builder.AddSecret("stealth-master-key", new RandomKey(), settings);
var egressCredential = builder.AddSecret("egress-credential", new RandomKey(), settings);
var mediaKey = builder.AddSecret("media-signing-key", new RandomKey(), settings);

// Services: each with a database of its own. They meet over messages; addresses are for plain reads (profile's keys, stealth's egress, error queues).
var profile = builder.AddService<Projects.Profile>("profile", credential, settings)
    .WithState(postgres.AddDatabase("profiledb"), redis, messaging)
    .WithEnvironment("Auth__SigningSecret", signingSecret)
    .WithEnvironment("Media__SigningKey", mediaKey)
    .WithEnvironment("Alvae__FounderEmail", settings.FounderEmail)
    .WithMailbox(settings);

var billing = builder.AddService<Projects.Billing>("billing", credential, settings)
    .WithState(postgres.AddDatabase("billingdb"), redis, messaging)
    .WithReference(profile)
    .WithEnvironment("GATEWAY_PORT", settings.GatewayPortText)
    .WithStripe(settings)
    .WithLedgerCheck(credential);

var pool = builder.AddService<Projects.Pool>("pool", credential, settings)
    .WithState(postgres.AddDatabase("pooldb"), redis, messaging)
    .WithReference(profile);

var stealth = builder.AddService<Projects.Stealth>("stealth", credential, settings)
    .WithState(postgres.AddDatabase("stealthdb"), redis, messaging)
    .WithReference(profile)
    .WithEnvironment("Stealth__MasterKey", masterKey)
    .WithEnvironment("Egress__Credential", egressCredential)
    .WithRotation(credential);

// Answering and rendering are the same program in different processes: no song slows an answer, and each grows by itself.
var generationDatabase = postgres.AddDatabase("generationdb");
var generation = AddGeneration("generation").WithEnvironment("Jobs__Workers", "0");
AddGeneration("generation-workers").WithEnvironment("Jobs__Workers", settings.WorkerSlots).WithEnvironment("Jobs__Api", "false");

// Operators see the error queues of all services in one place.
profile.WithReference(billing).WithReference(pool).WithReference(stealth).WithReference(generation);

// The one public origin. It starts beside the services, and is healthy once each of them has been ready.
builder.AddGateway<Projects.Gateway>(credential, settings)
    .WithReference(redis).WaitFor(redis)
    .WithReference(profile)
    .WithReference(billing)
    .WithReference(pool)
    .WithReference(stealth)
    .WithReference(generation)
    .WithEnvironment("RATE_LIMIT_SCALE", settings.RateLimitScale)
    .WithWebApp();

foreach (var service in (IResourceBuilder<ProjectResource>[])[profile, billing, pool, stealth, generation])
    service.WithErrorQueues(credential);

await LocalRun.RunAsync(builder.Build());

IResourceBuilder<ProjectResource> AddGeneration(string name) => builder.AddService<Projects.Generation>(name, credential, settings)
    .WithState(generationDatabase, redis, messaging)
    .WithReference(profile)
    .WithReference(stealth)
    .WithEnvironment("Egress__Credential", egressCredential)
    .WithEnvironment("Media__SigningKey", mediaKey)
    .WithMediaFolder(settings);
