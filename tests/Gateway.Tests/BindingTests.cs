using Microsoft.Extensions.Configuration;

namespace Son1kVers3.Gateway.Tests;

[Trait("Category", "Unit")]
public sealed class BindingTests
{
    [Theory]
    [InlineData(true, null, null, "http://localhost:8080")]
    [InlineData(true, "9000", null, "http://localhost:9000")]
    [InlineData(true, "9000", "0.0.0.0", "http://0.0.0.0:9000")]
    [InlineData(false, null, null, "http://*:8080")]
    [InlineData(false, " ", "", "http://*:8080")]
    public void Address_WhenNoneIsInjected_FollowsPortAndHost(bool development, string? port, string? host, string expected) =>
        Assert.Equal(expected, Binding.Address(Configuration(("GATEWAY_PORT", port), ("GATEWAY_HOST", host)), development));

    [Theory]
    [InlineData("urls", "http://127.0.0.1:5000")]
    [InlineData("http_ports", "5000")]
    public void Address_WhenTheHostInjectsOne_IsLeftAlone(string key, string value) =>
        Assert.Null(Binding.Address(Configuration((key, value), ("GATEWAY_PORT", "9000")), development: true));

    private static IConfiguration Configuration(params (string Key, string? Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(v => KeyValuePair.Create(v.Key, v.Value))).Build();
}
