namespace Son1kVers3.Gateway;

/// <summary>Where the gateway listens.</summary>
internal static class Binding
{
    private const string DefaultPort = "8080";

    /// <summary>
    /// <c>GATEWAY_PORT</c> (8080), on <c>GATEWAY_HOST</c>; without one on loopback in Development, on every interface elsewhere.
    /// An address injected by the host (<c>ASPNETCORE_URLS</c>, <c>HTTP_PORTS</c>) wins.
    /// </summary>
    public static void BindToOwnPort(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        if (Address(configuration, builder.Environment.IsDevelopment()) is { } address)
            builder.WebHost.UseUrls(address);
    }

    /// <summary>The address to listen on, or null when the host has given one.</summary>
    internal static string? Address(IConfiguration configuration, bool development)
    {
        string[] injected = ["urls", "http_ports", "https_ports"];
        if (injected.Any(key => !string.IsNullOrWhiteSpace(configuration[key])))
            return null;
        var host = Text(configuration["GATEWAY_HOST"]) ?? (development ? "localhost" : "*");
        return $"http://{host}:{Text(configuration["GATEWAY_PORT"]) ?? DefaultPort}";
    }

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
