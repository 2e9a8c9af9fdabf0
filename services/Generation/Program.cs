using Son1kVers3.Generation;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Derivations;
using Son1kVers3.Generation.Downloads;
using Son1kVers3.Generation.Files;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Jobs;
using Son1kVers3.Generation.Media;
using Son1kVers3.Generation.Providers;
using Son1kVers3.Generation.Streams;
using Son1kVers3.Generation.VoiceMemos;
using Son1kVers3.ServiceDefaults;
using Son1kVers3.ServiceDefaults.Data;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Leases;
using Son1kVers3.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
var jobs = JobOptions.Of(builder.Configuration);
builder.AddServiceDefaults("generation");
builder.AddServiceDatabase<GenerationDb>("generationdb");
builder.AddDatabaseNotifications();
builder.AddRedisClient("redis");
builder.AddIdempotency();
builder.AddLeases();
builder.AddMessaging("generation", messaging => messaging.AddConversation(jobs));
builder.AddGeneration(jobs);

var app = builder.Build();
// A missing secret or folder stops the start, not the first request.
app.Services.GetRequiredService<MediaUrls>();
app.Services.GetRequiredService<MediaFolder>();
if (!jobs.Api)
    ProcessPriority.Lower(app.Logger);
app.UseServiceDefaults();
if (jobs.Api)
{
    app.MapGenerations();
    app.MapStreams();
    app.MapRestore();
    app.MapDerivations();
    app.MapLineage();
    app.MapAudio();
    app.MapPictures();
    app.MapMedia();
    app.MapDownloads();
    app.MapVoiceMemos();
    app.MapProviders();
}

app.Run();
