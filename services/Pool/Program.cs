using Son1kVers3.Pool;
using Son1kVers3.Pool.Data;
using Son1kVers3.ServiceDefaults;
using Son1kVers3.ServiceDefaults.Data;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("pool");
builder.AddServiceDatabase<PoolDb>("pooldb");
builder.AddRedisClient("redis");
builder.AddIdempotency();
builder.AddMessaging("pool", PoolServices.Converse);
builder.AddPool();

var app = builder.Build();
app.UseServiceDefaults();
app.MapPoolEndpoints();
app.Run();
