using System.Text.Json.Nodes;
using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Catalogue;

/// <summary>Products: create, change, read, list.</summary>
internal static class ProductApi
{
    private const string NotEmulated = " !images !marketing_features !package_dimensions !shippable !statement_descriptor !tax_code !unit_label !url";

    public static void Map(ApiRoutes routes)
    {
        routes.Post("/v1/products", "id name description active metadata.** !default_price_data !type" + NotEmulated, Create);
        routes.Post("/v1/products/{id}", "name description active metadata.** !default_price" + NotEmulated, Update);
        routes.Get("/v1/products/{id}", call => Json(call.World.State.Products.Get(call.Id, "product")));
        routes.List("/v1/products", "active ids[] created created.* !shippable !type !url", List);
    }

    public static JsonObject Json(Product product) => new()
    {
        ["id"] = product.Id,
        ["object"] = "product",
        ["active"] = product.Active,
        ["created"] = product.Created,
        ["default_price"] = null,
        ["description"] = product.Description,
        ["images"] = new JsonArray(),
        ["livemode"] = false,
        ["marketing_features"] = new JsonArray(),
        ["metadata"] = JsonShapes.Map(product.Metadata),
        ["name"] = product.Name,
        ["package_dimensions"] = null,
        ["shippable"] = null,
        ["statement_descriptor"] = null,
        ["tax_code"] = null,
        ["type"] = "service",
        ["unit_label"] = null,
        ["updated"] = product.Updated,
        ["url"] = null,
    };

    private static JsonObject Create(Call call)
    {
        var product = new Product { Id = call.Form.Text("id") ?? "", Name = call.Form.Required("name") };
        if (call.World.State.Products.ContainsKey(product.Id))
        {
            throw StripeException.Invalid("Product already exists.", "id", "resource_already_exists");
        }

        Apply(product, call);
        call.World.Add(call.World.State.Products, "prod_", null, product);
        call.World.Emit("product.created", Json(product), null);
        return Json(product);
    }

    private static JsonObject Update(Call call)
    {
        var product = call.World.State.Products.Get(call.Id, "product");
        Apply(product, call);
        call.World.Emit("product.updated", Json(product), null);
        return Json(product);
    }

    private static void Apply(Product product, Call call)
    {
        product.Name = call.Form.Text("name") ?? product.Name;
        product.Description = call.Form.Text("description") ?? product.Description;
        product.Active = call.Form.Flag("active") ?? product.Active;
        product.Updated = call.World.Now(null);
        call.Form.ApplyMetadata(product.Metadata);
    }

    private static JsonObject List(Call call)
    {
        var active = call.Form.Flag("active");
        var ids = call.Form.Texts("ids");
        var created = ListPage.Created(call.Form);
        return ListPage.Of(
            call,
            call.World.State.Products.Values.Where(p =>
                (active is null || p.Active == active) && (ids.Count == 0 || ids.Contains(p.Id)) && created(p)),
            Json);
    }
}
