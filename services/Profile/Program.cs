using Son1kVers3.Profile.Data;
using Son1kVers3.ServiceDefaults;
using Son1kVers3.ServiceDefaults.Data;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("profile");
builder.AddServiceDatabase<ProfileDb>("profiledb");
builder.AddIdempotency();
builder.AddMessaging("profile", messaging => { });

var app = builder.Build();
app.UseServiceDefaults();
app.Run();
