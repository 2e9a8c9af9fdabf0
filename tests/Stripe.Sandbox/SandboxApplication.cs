using System.Text.Json.Serialization;
using Son1kVers3.Stripe.Sandbox.Catalogue;
using Son1kVers3.Stripe.Sandbox.Checkout;
using Son1kVers3.Stripe.Sandbox.Clocks;
using Son1kVers3.Stripe.Sandbox.Control;
using Son1kVers3.Stripe.Sandbox.Customers;
using Son1kVers3.Stripe.Sandbox.Events;
using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Invoices;
using Son1kVers3.Stripe.Sandbox.Model;
using Son1kVers3.Stripe.Sandbox.Pages;
using Son1kVers3.Stripe.Sandbox.Payments;
using Son1kVers3.Stripe.Sandbox.Portal;
using Son1kVers3.Stripe.Sandbox.Schedules;
using Son1kVers3.Stripe.Sandbox.Subscriptions;
using Son1kVers3.Stripe.Sandbox.Webhooks;

namespace Son1kVers3.Stripe.Sandbox;

/// <summary>The sandbox as a web application; built the same way for the command and for tests in one process.</summary>
internal static class SandboxApplication
{
    private static readonly Action<ApiRoutes>[] Resources =
    [
        ProductApi.Map, PriceApi.Map, CustomerApi.Map, PaymentMethods.Map, SessionApi.Map, SubscriptionApi.Map, ScheduleApi.Map, InvoiceApi.Map,
        InvoicePaymentApi.Map, PaymentApi.Map, RefundApi.Map, DisputeApi.Map, PortalApi.Map, EventApi.Map, TestClockApi.Map, WebhookEndpointApi.Map,
    ];

    /// <param name="args">The command line.</param>
    /// <param name="clock">A clock that tests share with what they test; the machine's without one.</param>
    public static WebApplication Build(string[] args, TimeProvider? clock = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        AddServices(builder.Services, builder.Configuration.GetSection("Sandbox").Get<SandboxOptions>() ?? new SandboxOptions(), clock ?? TimeProvider.System);

        var app = builder.Build();
        app.Services.GetRequiredService<StateFile>().Load();
        app.Services.GetRequiredService<WebhookDispatcher>().Attach();
        app.Services.GetRequiredService<World>().AddConfiguredEndpoint();
        app.MapGet("/health", () => Results.Json(new { status = "Healthy" }));
        app.MapGet("/alive", () => Results.Json(new { status = "Healthy" }));
        app.MapPayPage();
        app.MapPortalPage();
        app.MapControl();
        app.Map("/v1/{**path}", (HttpContext context, StripeEndpoint stripe) => stripe.HandleAsync(context));
        return app;
    }

    private static void AddServices(IServiceCollection services, SandboxOptions options, TimeProvider clock)
    {
        var routes = new ApiRoutes();
        foreach (var map in Resources)
        {
            map(routes);
        }

        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(new JsonStringEnumConverter()));
        services.AddSingleton(options).AddSingleton(clock).AddSingleton<World>().AddSingleton(routes);
        services.AddSingleton<ApiFaults>().AddSingleton<WebhookFaults>().AddSingleton<Idempotency>().AddSingleton<StripeEndpoint>();
        services.AddSingleton<WebhookDispatcher>().AddHostedService(provider => provider.GetRequiredService<WebhookDispatcher>());
        services.AddSingleton<StateFile>().AddHostedService(provider => provider.GetRequiredService<StateFile>());
        services.AddHostedService<ClockWorker>();
    }
}
