using Son1kVers3.Billing;
using Son1kVers3.Billing.Data;
using Son1kVers3.ServiceDefaults;
using Son1kVers3.ServiceDefaults.Data;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Leases;
using Son1kVers3.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("billing");
builder.AddServiceDatabase<BillingDb>("billingdb");
builder.AddIdempotency();
builder.AddLeases();
builder.AddMessaging("billing", BillingServices.Converse);
builder.AddBillingServices();

var app = builder.Build();
app.UseServiceDefaults();
app.MapBillingEndpoints();
app.Run();

/// <summary>Named so that tests can host the service.</summary>
public partial class Program;
