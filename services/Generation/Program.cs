using Son1kVers3.Generation;
using Son1kVers3.Generation.Archive;
using Son1kVers3.Generation.Data;
using Son1kVers3.Generation.Derivations;
using Son1kVers3.Generation.Generations;
using Son1kVers3.Generation.Media;
using Son1kVers3.Generation.Providers;
using Son1kVers3.Generation.Storage;
using Son1kVers3.Generation.VoiceMemos;
using Son1kVers3.ServiceDefaults;
using Son1kVers3.ServiceDefaults.Data;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("generation");
builder.AddServiceDatabase<GenerationDb>("generationdb");
builder.AddRedisClient("redis");
builder.AddIdempotency();
builder.AddMessaging("generation", GenerationServices.Converse);
builder.AddGeneration();

var app = builder.Build();
// A missing secret or folder stops the start, not the first request.
app.Services.GetRequiredService<MediaUrls>();
app.Services.GetRequiredService<MediaFolder>();
app.UseServiceDefaults();
app.MapGenerations();
app.MapDerivations();
app.MapLineage();
app.MapArchive();
app.MapAudio();
app.MapPictures();
app.MapVoiceMemos();
app.MapProviders();
app.Run();
