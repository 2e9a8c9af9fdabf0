using Son1kVers3.Stripe.Sandbox.Http;
using Son1kVers3.Stripe.Sandbox.Model;

namespace Son1kVers3.Stripe.Sandbox.Subscriptions;

/// <summary>Reads <c>items[]</c> of a call. An entry with an id changes that item; one without an id adds another.</summary>
internal static class ItemForms
{
    public static List<SubscriptionItem> Read(World world, IReadOnlyList<SubscriptionItem> current, IReadOnlyList<Form> forms, long now)
    {
        var items = current.Select(item => item.Copy()).ToList();
        foreach (var form in forms)
        {
            if (form.Text("id") is not { } id)
            {
                items.Add(New(world, items, form, now));
                continue;
            }

            var item = items.FirstOrDefault(candidate => candidate.Id == id)
                ?? throw StripeException.Invalid($"No such subscription item: '{id}'", form.Name("id"), "resource_missing");
            if (form.Flag("deleted") == true)
            {
                items.Remove(item);
                continue;
            }

            item.Price = form.Text("price") is { } price ? RecurringPrice(world, price, form.Name("price")) : item.Price;
            item.Quantity = Quantity(form) ?? item.Quantity;
            form.ApplyMetadata(item.Metadata);
        }

        return items.Count > 0
            ? items
            : throw StripeException.Invalid("A subscription must have at least one active plan.", "items");
    }

    public static string RecurringPrice(World world, string id, string param)
    {
        var price = world.State.Prices.GetReferred(id, "price", param);
        if (!price.Active)
        {
            throw StripeException.Invalid($"The price specified is inactive. This field only accepts active prices.", param, "price_inactive");
        }

        return price.Interval is null
            ? throw StripeException.Invalid(
                $"The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.", param)
            : price.Id;
    }

    public static long? Quantity(Form form) => form.Integer("quantity") is { } quantity and (< 0 or > 1_000_000)
        ? throw StripeException.Invalid($"Invalid quantity: {quantity}", form.Name("quantity"), "parameter_invalid_integer")
        : form.Integer("quantity");

    private static SubscriptionItem New(World world, List<SubscriptionItem> items, Form form, long now)
    {
        var price = RecurringPrice(world, form.Required("price"), form.Name("price"));
        if (items.Any(item => item.Price == price))
        {
            throw StripeException.Invalid(
                $"Cannot add multiple subscription items with the same plan: {price}", form.Name("price"));
        }

        var item = new SubscriptionItem { Id = Resource.NewId("si_"), Created = now, Price = price, Quantity = Quantity(form) ?? 1 };
        form.ApplyMetadata(item.Metadata);
        return item;
    }
}
