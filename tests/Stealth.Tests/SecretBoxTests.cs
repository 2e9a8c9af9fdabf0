using System.Security.Cryptography;
using Son1kVers3.Stealth.Secrets;

namespace Son1kVers3.Stealth.Tests;

[Trait("Category", "Unit")]
public sealed class SecretBoxTests
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);
    private readonly Guid owner = Guid.CreateVersion7();

    [Fact]
    public void Open_GivesBackWhatWasSealed()
    {
        using var box = new SecretBox(Key);
        Assert.Equal("sk-ñandú-123456", box.Open(box.Seal("sk-ñandú-123456", owner), owner));
    }

    [Fact]
    public void Seal_NeverRepeatsItself()
    {
        using var box = new SecretBox(Key);
        Assert.NotEqual(box.Seal("same", owner), box.Seal("same", owner));
    }

    [Fact]
    public void Open_WhenAnyByteIsChanged_Refuses()
    {
        using var box = new SecretBox(Key);
        var whole = box.Seal("secret", owner);
        for (var i = 0; i < whole.Length; i++)
        {
            var changed = (byte[])whole.Clone();
            changed[i] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => box.Open(changed, owner));
        }
    }

    [Fact]
    public void Open_WithAnotherKeyOrForAnotherRow_Refuses()
    {
        using var box = new SecretBox(Key);
        using var other = new SecretBox(RandomNumberGenerator.GetBytes(32));
        var sealedSecret = box.Seal("secret", owner);
        Assert.ThrowsAny<CryptographicException>(() => other.Open(sealedSecret, owner));
        Assert.ThrowsAny<CryptographicException>(() => box.Open(sealedSecret, Guid.CreateVersion7()));
    }

    [Theory]
    [InlineData("short", "••••")]
    [InlineData("fifteen-letters", "••••")]
    [InlineData("sk-live-0123456789abcd", "••••abcd")]
    public void Mask_ShowsAtMostTheLastFour(string secret, string mask) => Assert.Equal(mask, SecretBox.Mask(secret));
}
