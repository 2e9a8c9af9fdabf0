using System.Globalization;
using System.Text.Json.Nodes;
using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Catalogue;

/// <summary>Prices: create, change, read, and find by lookup key.</summary>
internal static class PriceApi
{
    public static void Map(ApiRoutes routes)
    {
        routes.Post(
            "/v1/prices",
            """
            currency unit_amount product product_data.name product_data.id product_data.metadata.** recurring.interval
            recurring.interval_count recurring.usage_type lookup_key transfer_lookup_key nickname active metadata.** billing_scheme
            tax_behavior !currency_options !custom_unit_amount !tiers !tiers_mode !transform_quantity !unit_amount_decimal
            !recurring.meter !recurring.trial_period_days !product_data.active !product_data.statement_descriptor !product_data.tax_code
            !product_data.unit_label
            """,
            Create);
        routes.Post("/v1/prices/{id}", "active lookup_key transfer_lookup_key nickname metadata.** tax_behavior !currency_options", Update);
        routes.Get("/v1/prices/{id}", call => Json(call.World.State.Prices.Get(call.Id, "price")));
        routes.List(
            "/v1/prices",
            "active currency product type lookup_keys[] recurring.interval created created.* !recurring.usage_type !recurring.meter",
            List);
    }

    public static JsonObject Json(Price price) => new()
    {
        ["id"] = price.Id,
        ["object"] = "price",
        ["active"] = price.Active,
        ["billing_scheme"] = "per_unit",
        ["created"] = price.Created,
        ["currency"] = price.Currency,
        ["custom_unit_amount"] = null,
        ["livemode"] = false,
        ["lookup_key"] = price.LookupKey,
        ["metadata"] = JsonShapes.Map(price.Metadata),
        ["nickname"] = price.Nickname,
        ["product"] = price.Product,
        ["recurring"] = price.Interval is null
            ? null
            : new JsonObject
            {
                ["interval"] = price.Interval,
                ["interval_count"] = price.IntervalCount,
                ["meter"] = null,
                ["trial_period_days"] = null,
                ["usage_type"] = "licensed",
            },
        ["tax_behavior"] = "unspecified",
        ["tiers_mode"] = null,
        ["transform_quantity"] = null,
        ["type"] = price.Interval is null ? "one_time" : "recurring",
        ["unit_amount"] = price.UnitAmount,
        ["unit_amount_decimal"] = price.UnitAmount.ToString(CultureInfo.InvariantCulture),
    };

    private static JsonObject Create(Call call)
    {
        var form = call.Form;
        var price = new Price
        {
            Currency = form.Required("currency").ToLowerInvariant(),
            UnitAmount = form.Integer("unit_amount") ?? throw StripeException.Missing("unit_amount"),
            Product = "",
            Nickname = form.Text("nickname"),
            Active = form.Flag("active") ?? true,
        };
        if (price.UnitAmount < 0)
        {
            throw StripeException.Invalid("Invalid non-negative integer", "unit_amount", "parameter_invalid_integer");
        }

        if (form.Has("recurring"))
        {
            var recurring = form.Child("recurring");
            recurring.Required("interval");
            price.Interval = recurring.OneOf("interval", "day", "week", "month", "year");
            price.IntervalCount = (int)(recurring.Integer("interval_count") ?? 1);
        }

        CheckProduct(call);
        form.ApplyMetadata(price.Metadata);
        price.LookupKey = ClaimLookupKey(call, null);
        price.Product = ProductOf(call);
        call.World.Add(call.World.State.Prices, "price_", null, price);
        call.World.Emit("price.created", Json(price), null);
        return Json(price);
    }

    private static void CheckProduct(Call call)
    {
        if (call.Form.Text("product") is { } id)
        {
            call.World.State.Products.GetReferred(id, "product", "product");
        }
        else if (!call.Form.Has("product_data"))
        {
            throw StripeException.Missing("product");
        }
        else
        {
            call.Form.Child("product_data").Required("name");
        }
    }

    private static string ProductOf(Call call)
    {
        if (call.Form.Text("product") is { } id)
        {
            return id;
        }

        var data = call.Form.Child("product_data");
        var product = new Product { Id = data.Text("id") ?? "", Name = data.Required("name"), Updated = call.World.Now(null) };
        data.ApplyMetadata(product.Metadata);
        call.World.Add(call.World.State.Products, "prod_", null, product);
        call.World.Emit("product.created", ProductApi.Json(product), null);
        return product.Id;
    }

    private static JsonObject Update(Call call)
    {
        var price = call.World.State.Prices.Get(call.Id, "price");
        price.LookupKey = ClaimLookupKey(call, price) ?? price.LookupKey;
        price.Nickname = call.Form.Text("nickname") ?? price.Nickname;
        price.Active = call.Form.Flag("active") ?? price.Active;
        call.Form.ApplyMetadata(price.Metadata);
        call.World.Emit("price.updated", Json(price), null);
        return Json(price);
    }

    /// <summary>A lookup key belongs to one price; <c>transfer_lookup_key</c> takes it away from its holder.</summary>
    private static string? ClaimLookupKey(Call call, Price? owner)
    {
        var key = call.Form.Text("lookup_key");
        if (string.IsNullOrEmpty(key)
            || call.World.State.Prices.Values.FirstOrDefault(p => p.LookupKey == key && p != owner) is not { } holder)
        {
            return key;
        }

        if (call.Form.Flag("transfer_lookup_key") != true)
        {
            throw StripeException.Invalid(
                $"A price (`{holder.Id}`) already uses that lookup key.", "lookup_key", "resource_already_exists");
        }

        holder.LookupKey = null;
        call.World.Emit("price.updated", Json(holder), null);
        return key;
    }

    private static JsonObject List(Call call)
    {
        var form = call.Form;
        var keys = form.Texts("lookup_keys");
        var (active, product, currency, type) = (form.Flag("active"), form.Text("product"), form.Text("currency"), form.OneOf("type", "one_time", "recurring"));
        var interval = form.Child("recurring").Text("interval");
        var created = ListPage.Created(form);
        return ListPage.Of(
            call,
            call.World.State.Prices.Values.Where(p =>
                (keys.Count == 0 || (p.LookupKey is not null && keys.Contains(p.LookupKey)))
                && (active is null || p.Active == active)
                && (product is null || p.Product == product)
                && (currency is null || p.Currency == currency)
                && (type is null || type == (p.Interval is null ? "one_time" : "recurring"))
                && (interval is null || p.Interval == interval)
                && created(p)),
            Json);
    }
}
