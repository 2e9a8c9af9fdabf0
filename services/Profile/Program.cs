using System.Globalization;
using Son1kVers3.Contracts;
using Son1kVers3.Profile.Admin;
using Son1kVers3.Profile.Alvae;
using Son1kVers3.Profile.Analytics;
using Son1kVers3.Profile.Avatars;
using Son1kVers3.Profile.Challenges;
using Son1kVers3.Profile.Collections;
using Son1kVers3.Profile.Comments;
using Son1kVers3.Profile.Credentials;
using Son1kVers3.Profile.Data;
using Son1kVers3.Profile.Deletion;
using Son1kVers3.Profile.Digest;
using Son1kVers3.Profile.Export;
using Son1kVers3.Profile.Follows;
using Son1kVers3.Profile.Keys;
using Son1kVers3.Profile.Login;
using Son1kVers3.Profile.Mail;
using Son1kVers3.Profile.Notifications;
using Son1kVers3.Profile.Profiles;
using Son1kVers3.Profile.Push;
using Son1kVers3.Profile.Reports;
using Son1kVers3.Profile.Search;
using Son1kVers3.Profile.SecondFactor;
using Son1kVers3.Profile.Sessions;
using Son1kVers3.Profile.Share;
using Son1kVers3.Profile.SignUp;
using Son1kVers3.Profile.Tokens;
using Son1kVers3.Profile.Wall;
using Son1kVers3.ServiceDefaults;
using Son1kVers3.ServiceDefaults.Data;
using Son1kVers3.ServiceDefaults.Idempotency;
using Son1kVers3.ServiceDefaults.Messaging;

// Answers are the same whatever the language of the machine.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var builder = WebApplication.CreateBuilder(args);
builder.AddTokens();
builder.AddServiceDefaults("profile");
builder.AddServiceDatabase<ProfileDb>("profiledb");
builder.AddDatabaseNotifications();
builder.AddRedisClient("redis");
builder.AddIdempotency();
builder.AddMessaging("profile", messaging => messaging
    .On<EntitlementChanged, OnEntitlementChanged>(latestOnly: true)
    .On<ExportRequested, OnExportRequested>()
    .On<ExportPart, OnExportPart>()
    .On<ExportReady, OnExportReady>()
    .OnSignUp()
    .OnTracks()
    .OnQuota()
    .OnRevenue());
builder.AddErrorQueues();
builder.AddAnalytics();
builder.AddMail();
builder.AddLogin();
builder.AddSecondFactor();
builder.AddCredentials();
builder.AddSignUp();
builder.AddApiKeys();
builder.AddAlvae();
builder.AddExport();
builder.AddDeletion();
builder.AddProfiles();
builder.AddWall();
builder.AddComments();
builder.AddFollows();
builder.AddCollections();
builder.AddReports();
builder.AddChallenges();
builder.AddNotifications();
builder.AddPush();
builder.AddDigest();
builder.AddSearch();

var app = builder.Build();
app.UseServiceDefaults();
app.UseNoStore();
app.MapTokens();
app.MapDevelopmentMailbox();
app.MapSignUp();
app.MapLogin();
app.MapDevices();
app.MapSecondFactor();
app.MapCredentials();
app.MapApiKeys();
app.MapUsers();
app.MapErrors();
app.MapAnalytics();
app.MapExport();
app.MapDeletion();
app.MapAlvae();
app.MapAlvaeMessages();
app.MapAlvaeProposals();
app.MapRevenueShare();
app.MapProfiles();
app.MapSettings();
app.MapAvatars();
app.MapFollows();
app.MapWall();
app.MapComments();
app.MapCollections();
app.MapCollectionItems();
app.MapCollectionEditors();
app.MapCollectionEvents();
app.MapCollectionPlays();
app.MapReports();
app.MapReportDesk();
app.MapChallenges();
app.MapChallengeDesk();
app.MapNotifications();
app.MapNotificationPreferences();
app.MapPush();
app.MapDigest();
app.MapSearch();
app.MapShare();
app.Run();
