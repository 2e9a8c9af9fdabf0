using System.Text.Json.Nodes;
using Son1kVers3.Stripe.Sandbox.Customers;
using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Portal;

/// <summary>Billing portal sessions and configurations.</summary>
internal static class PortalApi
{
    private const string ConfigurationParameters =
        "name default_return_url features.** business_profile.** metadata.** login_page.**";

    public static void Map(ApiRoutes routes)
    {
        routes.Post(
            "/v1/billing_portal/sessions",
            "customer configuration return_url locale flow_data.type flow_data.after_completion.** flow_data.subscription_cancel.subscription"
            + " !flow_data.subscription_cancel.retention !flow_data.subscription_update !flow_data.subscription_update_confirm !customer_account !on_behalf_of",
            CreateSession);
        routes.Post("/v1/billing_portal/configurations", ConfigurationParameters, CreateConfiguration);
        routes.Post("/v1/billing_portal/configurations/{id}", ConfigurationParameters + " active", UpdateConfiguration);
        routes.Get("/v1/billing_portal/configurations/{id}", call => Json(call.World, Find(call)));
        routes.List("/v1/billing_portal/configurations", "active is_default", List);
    }

    private static PortalConfiguration Find(Call call) => call.World.State.PortalConfigurations.Get(call.Id, "configuration");

    private static JsonObject CreateSession(Call call)
    {
        var (world, form) = (call.World, call.Form);
        var customer = CustomerApi.Referred(world, form.Required("customer"), "customer");
        var configuration = form.Text("configuration") is { } id
            ? world.State.PortalConfigurations.GetReferred(id, "configuration", "configuration")
            : Default(world);
        var session = new PortalSession
        {
            Customer = customer.Id,
            Configuration = configuration.Id,
            ReturnUrl = form.Text("return_url") ?? configuration.DefaultReturnUrl,
            Locale = form.Text("locale"),
            FlowType = form.Child("flow_data").OneOf("type", "payment_method_update", "subscription_cancel"),
        };
        world.Add(world.State.PortalSessions, "bps_", customer.TestClock, session);
        session.Url = $"{call.BaseUrl}/p/session/{session.Id}";
        world.Emit("billing_portal.session.created", Json(session), customer.TestClock);
        return Json(session);
    }

    private static JsonObject Json(PortalSession session) => new()
    {
        ["id"] = session.Id,
        ["object"] = "billing_portal.session",
        ["configuration"] = session.Configuration,
        ["created"] = session.Created,
        ["customer"] = session.Customer,
        ["flow"] = session.FlowType is null ? null : new JsonObject { ["type"] = session.FlowType },
        ["livemode"] = false,
        ["locale"] = session.Locale,
        ["on_behalf_of"] = null,
        ["return_url"] = session.ReturnUrl,
        ["url"] = session.Url,
    };

    private static PortalConfiguration Default(World world) =>
        world.State.PortalConfigurations.Values.FirstOrDefault(c => c.Active)
        ?? world.Add(world.State.PortalConfigurations, "bpc_", null, new PortalConfiguration { Name = "Default", Updated = world.WallClock });

    private static JsonObject CreateConfiguration(Call call)
    {
        if (!call.Form.Has("features"))
        {
            throw StripeException.Missing("features");
        }

        var configuration = new PortalConfiguration();
        Fill(call, configuration);
        call.World.Add(call.World.State.PortalConfigurations, "bpc_", null, configuration);
        call.World.Emit("billing_portal.configuration.created", Json(call.World, configuration), null);
        return Json(call.World, configuration);
    }

    private static JsonObject UpdateConfiguration(Call call)
    {
        var configuration = Find(call);
        Fill(call, configuration);
        configuration.Active = call.Form.Flag("active") ?? configuration.Active;
        call.World.Emit("billing_portal.configuration.updated", Json(call.World, configuration), null);
        return Json(call.World, configuration);
    }

    private static void Fill(Call call, PortalConfiguration configuration)
    {
        var form = call.Form;
        configuration.Name = form.Text("name") ?? configuration.Name;
        configuration.DefaultReturnUrl = form.Text("default_return_url") ?? configuration.DefaultReturnUrl;
        configuration.Updated = call.World.WallClock;
        var features = form.Child("features");
        configuration.CanCancel = features.Child("subscription_cancel").Flag("enabled") ?? configuration.CanCancel;
        configuration.CanUpdateCard = features.Child("payment_method_update").Flag("enabled") ?? configuration.CanUpdateCard;
        foreach (var field in features.Fields)
        {
            Set(configuration.Features, field.Path, field.Value);
        }

        form.ApplyMetadata(configuration.Metadata);
    }

    /// <summary>Puts a field back where it came from; flags as flags, lists as objects by index turn into arrays when answered.</summary>
    private static void Set(JsonObject target, string[] path, string value)
    {
        foreach (var step in path[..^1])
        {
            if (target[step] is not JsonObject next)
            {
                target[step] = next = [];
            }

            target = next;
        }

        target[path[^1]] = bool.TryParse(value, out var flag) ? flag : value;
    }

    private static JsonNode? Arrays(JsonNode? node)
    {
        if (node is not JsonObject parent)
        {
            return node?.DeepClone();
        }

        return parent.Count > 0 && parent.All(pair => pair.Key.All(char.IsAsciiDigit))
            ? new JsonArray([.. parent.Select(pair => Arrays(pair.Value))])
            : new JsonObject(parent.Select(pair => KeyValuePair.Create(pair.Key, Arrays(pair.Value))));
    }

    private static JsonObject Json(World world, PortalConfiguration configuration)
    {
        var features = (JsonObject)Arrays(configuration.Features)!;
        foreach (var name in (string[])["customer_update", "invoice_history", "payment_method_update", "subscription_cancel", "subscription_update"])
        {
            features.TryAdd(name, new JsonObject { ["enabled"] = name is "payment_method_update" && configuration.CanUpdateCard });
        }

        return new JsonObject
        {
            ["id"] = configuration.Id,
            ["object"] = "billing_portal.configuration",
            ["active"] = configuration.Active,
            ["application"] = null,
            ["business_profile"] = new JsonObject { ["headline"] = null, ["privacy_policy_url"] = null, ["terms_of_service_url"] = null },
            ["created"] = configuration.Created,
            ["default_return_url"] = configuration.DefaultReturnUrl,
            ["features"] = features,
            ["is_default"] = world.State.PortalConfigurations.Values.First() == configuration,
            ["livemode"] = false,
            ["login_page"] = new JsonObject { ["enabled"] = false, ["url"] = null },
            ["metadata"] = JsonShapes.Map(configuration.Metadata),
            ["name"] = configuration.Name,
            ["updated"] = configuration.Updated,
        };
    }

    private static JsonObject List(Call call)
    {
        var (active, isDefault) = (call.Form.Flag("active"), call.Form.Flag("is_default"));
        var first = call.World.State.PortalConfigurations.Values.FirstOrDefault();
        return ListPage.Of(
            call,
            call.World.State.PortalConfigurations.Values.Where(c =>
                (active is null || c.Active == active) && (isDefault is null || isDefault == (c == first))),
            configuration => Json(call.World, configuration));
    }
}
