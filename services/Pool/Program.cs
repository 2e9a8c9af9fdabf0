using Son1kVers3.Contracts;
using Son1kVers3.Pool.Contributions;
using Son1kVers3.Pool.Data;
using Son1kVers3.Pool.Members;
using Son1kVers3.Pool.Tracks;
using Son1kVers3.ServiceDefaults;
using Son1kVers3.ServiceDefaults.Data;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("pool");
builder.AddServiceDatabase<PoolDb>("pooldb");
builder.AddIdempotency();
builder.AddMessaging("pool", messaging => messaging
    .On<GenerationCompleted, ContributeCompleted>()
    .On<GenerationDeleted, WithdrawDeleted>()
    .On<UserRegistered, KnowMember>()
    .On<ProfileUpdated, KnowMember>()
    .Answer<MayDelete, DeletionDecision, DecideDeletion>());

var app = builder.Build();
app.UseServiceDefaults();
app.MapPoolEndpoints();
app.Run();
