using System.Text.Json.Nodes;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Http;

/// <summary>Stripe's list object: newest first, <c>limit</c> 1–100, cursors by id in both directions.</summary>
internal static class ListPage
{
    public static JsonObject Of<T>(Call call, IEnumerable<T> all, Func<T, JsonObject> render)
        where T : Resource
    {
        var form = call.Form;
        var limit = form.Integer("limit") ?? 10;
        if (limit is < 1 or > 100)
        {
            throw StripeException.Invalid("This value must be between 1 and 100.", "limit", "parameter_invalid_integer");
        }

        var sorted = all.OrderByDescending(item => item.Ordinal).ToList();
        if (form.Text("starting_after") is { } after)
        {
            sorted = sorted[(IndexOf(sorted, after, "starting_after") + 1)..];
        }
        else if (form.Text("ending_before") is { } before)
        {
            // The page next to the cursor, not the newest ones: that is how one walks towards the present.
            sorted = sorted[..IndexOf(sorted, before, "ending_before")];
            var start = Math.Max(0, sorted.Count - (int)limit);
            return Json(call.Path, sorted[start..].Select(render), start > 0);
        }

        return Json(call.Path, sorted.Take((int)limit).Select(render), sorted.Count > limit);
    }

    /// <summary>A list of what belongs to one object, in its own order.</summary>
    public static JsonObject OfParts<T>(Call call, IReadOnlyList<T> all, Func<T, string> id, Func<T, JsonObject> render)
    {
        var limit = call.Form.Integer("limit") ?? 10;
        if (limit is < 1 or > 100)
        {
            throw StripeException.Invalid("This value must be between 1 and 100.", "limit", "parameter_invalid_integer");
        }

        var start = 0;
        if (call.Form.Text("starting_after") is { } after)
        {
            var index = all.Select(id).ToList().IndexOf(after);
            start = index >= 0 ? index + 1 : throw StripeException.NotFound("object", after, "starting_after");
        }

        var page = all.Skip(start).Take((int)limit).Select(render);
        return Json(call.Path, page, all.Count > start + limit);
    }

    public static JsonObject Json(string url, IEnumerable<JsonNode> data, bool hasMore = false) => new()
    {
        ["object"] = "list",
        ["data"] = new JsonArray([.. data]),
        ["has_more"] = hasMore,
        ["url"] = url,
    };

    /// <summary>The filter <c>created[gt|gte|lt|lte]=</c> or <c>created=</c>.</summary>
    public static Func<Resource, bool> Created(Form form)
    {
        var range = form.Child("created");
        var (gt, gte, lt, lte, exact) = (range.Integer("gt"), range.Integer("gte"), range.Integer("lt"), range.Integer("lte"), form.Integer("created"));
        return item => !(item.Created <= gt) && !(item.Created < gte) && !(item.Created >= lt) && !(item.Created > lte)
            && (exact is null || item.Created == exact);
    }

    private static int IndexOf<T>(List<T> items, string id, string param)
        where T : Resource
    {
        var index = items.FindIndex(item => item.Id == id);
        return index >= 0 ? index : throw StripeException.NotFound("object", id, param);
    }
}
