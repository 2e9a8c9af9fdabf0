using Son1kVers3.Generation.Data;
using Son1kVers3.ServiceDefaults;
using Son1kVers3.ServiceDefaults.Data;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("generation");
builder.AddServiceDatabase<GenerationDb>("generationdb");
builder.AddIdempotency();
builder.AddMessaging("generation", messaging => { });

var app = builder.Build();
app.UseServiceDefaults();
app.Run();
