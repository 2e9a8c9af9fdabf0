using Son1kVers3.Stealth.Data;
using Son1kVers3.ServiceDefaults;
using Son1kVers3.ServiceDefaults.Data;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("stealth");
builder.AddServiceDatabase<StealthDb>("stealthdb");
builder.AddIdempotency();
builder.AddMessaging("stealth", messaging => { });

var app = builder.Build();
app.UseServiceDefaults();
app.Run();
