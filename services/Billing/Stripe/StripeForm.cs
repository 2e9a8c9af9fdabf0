using System.Globalization;

namespace Son1kVers3.Billing.Stripe;

/// <summary>Form fields in Stripe's spelling: <c>items[0][price]</c>. Order is kept.</summary>
public sealed class StripeForm : List<KeyValuePair<string, string>>
{
    /// <summary>A call without parameters.</summary>
    public static StripeForm Empty => [];

    /// <summary>Adds a field; a null value leaves it out.</summary>
    public void Add(string name, string? value)
    {
        if (value is not null)
            Add(new KeyValuePair<string, string>(name, value));
    }

    /// <summary>Adds a number.</summary>
    public void Add(string name, long value) => Add(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds an instant, in Unix seconds.</summary>
    public void Add(string name, DateTimeOffset value) => Add(name, value.ToUnixTimeSeconds());

    /// <summary>As <c>application/x-www-form-urlencoded</c>.</summary>
    public string Encode() => string.Join('&', this.Select(field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value)}"));
}
