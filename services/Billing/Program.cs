using Son1kVers3.Billing.Data;
using Son1kVers3.ServiceDefaults;
using Son1kVers3.ServiceDefaults.Data;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("billing");
builder.AddServiceDatabase<BillingDb>("billingdb");
builder.AddIdempotency();
builder.AddMessaging("billing", messaging => { });

var app = builder.Build();
app.UseServiceDefaults();
app.Run();
