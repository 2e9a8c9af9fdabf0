using System.Numerics;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Son1kVers3.Profile.Tokens;

namespace Son1kVers3.Profile.Tests;

[Trait("Category", "Unit")]
public sealed class TokenKeyTests
{
    // 0x00, 0x01 … 0x1f
    private static readonly string Sequence = Convert.ToBase64String([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    [Fact]
    public void TokenKey_WhenTheSecretIsTheSame_IsTheSameKeyForEver()
    {
        using var key = new TokenKey(Read(Sequence), 1);
        using var replica = new TokenKey(Read(Sequence), 1);
        Assert.Equal(key.Public, replica.Public);
        // Computed by another implementation of HKDF and P-256.
        Assert.Equal(("b02F1EpIkyD3LA4cBC-ncyKo2ZHk-THpV6ybs-h9yHI", "rRawOq1H9hS5FFGSjGyJzmQaL_UWYV7ng4Oi51HGztM", "MftXOoRk3-D1pvB8SsazAgHrLBOwhhJC781MT_HE3xE"), (key.Public.X, key.Public.Y, key.Public.Kid));
    }

    [Fact]
    public void TokenKey_WhenTheSecretIsAnother_IsAnotherKey()
    {
        using var key = new TokenKey(Read(Sequence), 1);
        using var other = new TokenKey(Read(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))), 1);
        Assert.NotEqual(key.Public.Kid, other.Public.Kid);
    }

    [Fact]
    public void Thumbprint_WhenOfAPublicKey_IsSha256OfItsRequiredMembers()
    {
        var expected = System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData("""{"crv":"P-256","kty":"EC","x":"eks","y":"ypsilon"}"""u8));
        Assert.Equal(expected, TokenKey.Thumbprint("eks", "ypsilon"));
    }

    [Fact]
    public void Scalar_WhateverTheBits_IsFromOneToOrderMinusOne()
    {
        var order = BigInteger.Parse("0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", System.Globalization.NumberStyles.HexNumber, null);
        foreach (var bits in new[] { new byte[48], Bytes(order - 2), Bytes(order - 1), [.. Enumerable.Repeat((byte)255, 48)] })
        {
            var scalar = new BigInteger(TokenKey.Scalar(bits), isUnsigned: true, isBigEndian: true);
            Assert.InRange(scalar, BigInteger.One, order - 1);
        }

        Assert.Equal(1, TokenKey.Scalar(new byte[48])[31]);

        static byte[] Bytes(BigInteger number) => number.ToByteArray(isUnsigned: true, isBigEndian: true);
    }

    [Theory]
    [InlineData(null, "is missing")]
    [InlineData("not base64!", "is not base64")]
    [InlineData("c2hvcnQ=", "has 5 bytes")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "is not random")]
    [InlineData("development", "development secret")]
    public void SigningSecret_WhenUnfitForProduction_StopsTheStartAndSaysWhatToSet(string? secret, string fault)
    {
        var value = secret == "development" ? SigningSecret.ForDevelopment : secret;
        var error = Assert.Throws<InvalidOperationException>(() => Read(value, Environments.Production));
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
        Assert.Contains("Auth__SigningSecret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SigningSecret_WhenMissingInDevelopment_IsTheKnownOne()
    {
        using var key = new TokenKey(Read(null, Environments.Development), 1);
        using var same = new TokenKey(Read(SigningSecret.ForDevelopment, Environments.Development), 1);
        Assert.Equal(same.Public.Kid, key.Public.Kid);
    }

    private static SigningSecret Read(string? secret, string environment = "Production") => SigningSecret.Read(
        new ConfigurationBuilder().AddInMemoryCollection([new("Auth:SigningSecret", secret)]).Build(), new Surroundings(environment));

    private sealed class Surroundings(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "profile";

        public string ContentRootPath { get; set; } = "/";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
