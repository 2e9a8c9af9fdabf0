using System.Security.Cryptography;
using System.Text;
using Son1kVers3.Stealth.Secrets;

namespace Son1kVers3.Stealth.Tests.Secrets;

[Trait("Category", "Unit")]
public sealed class SecretBoxTests
{
    private static readonly string Key = NewKey();
    private readonly Guid owner = Guid.CreateVersion7();

    [Fact]
    public void Open_GivesBackWhatWasSealed()
    {
        var box = Box(Key);
        Assert.Equal("sk-ñandú-123456", box.Open(box.Seal("sk-ñandú-123456", owner), owner));
    }

    [Fact]
    public void Open_ByManyThreadsAtOnce_GivesEachItsSecret()
    {
        var box = Box(Key);
        var sealedSecrets = Enumerable.Range(0, 8).Select(i => box.Seal($"secret {i}", owner)).ToArray();
        Parallel.For(0, 20_000, i => Assert.Equal($"secret {i % 8}", box.Open(sealedSecrets[i % 8], owner)));
    }

    [Fact]
    public void Seal_NeverRepeatsItself() => Assert.NotEqual(Box(Key).Seal("same", owner), Box(Key).Seal("same", owner));

    [Fact]
    public void Open_WhenAnyByteIsChanged_Refuses()
    {
        var box = Box(Key);
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
        var sealedSecret = Box(Key).Seal("secret", owner);

        Assert.ThrowsAny<CryptographicException>(() => Box(NewKey()).Open(sealedSecret, owner));
        Assert.ThrowsAny<CryptographicException>(() => Box(Key).Open(sealedSecret, Guid.CreateVersion7()));
    }

    [Fact]
    public void Rewrap_UnderANewMasterKey_OpensWithoutTheOldOne()
    {
        var (old, renewed) = (Box(Key), NewKey());
        var sealedSecret = old.Seal("secret", owner);
        var both = Box(renewed, Key);
        Assert.False(both.IsCurrent(sealedSecret));
        Assert.Equal("secret", both.Open(sealedSecret, owner));

        var rewrapped = both.Rewrap(sealedSecret, owner);

        Assert.True(both.IsCurrent(rewrapped));
        Assert.Equal("secret", Box(renewed).Open(rewrapped, owner));
        Assert.ThrowsAny<CryptographicException>(() => Box(Key).Open(rewrapped, owner));
    }

    [Fact]
    public void Open_OfTheFirstVersion_StillWorks()
    {
        var direct = new byte[1 + 12 + 16 + 6];
        direct[0] = 1;
        using (var aes = new AesGcm(Convert.FromBase64String(Key), 16))
            aes.Encrypt(direct.AsSpan(1, 12), "secret"u8, direct.AsSpan(29), direct.AsSpan(13, 16), owner.ToByteArray());
        var box = Box(NewKey(), Key);

        Assert.Equal("secret", box.Open(direct, owner));
        Assert.True(box.IsCurrent(box.Rewrap(direct, owner)));
    }

    [Fact]
    public void Seal_LeavesNothingOfTheTextToSee() => Assert.DoesNotContain("secret", Encoding.Latin1.GetString(Box(Key).Seal("secret", owner)));

    [Theory]
    [InlineData("short", "••••")]
    [InlineData("fifteen-letters", "••••")]
    [InlineData("sk-live-0123456789abcd", "••••abcd")]
    public void Mask_ShowsAtMostTheLastFour(string secret, string mask) => Assert.Equal(mask, SecretBox.Mask(secret));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("c2hvcnQ=")]
    [InlineData("not base64 at all")]
    public void MasterKeys_WithoutAnExactKey_Refuse(string? key) => Assert.Throws<InvalidOperationException>(() => new MasterKeys(key, []));

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static SecretBox Box(string current, params string[] previous) => new(new MasterKeys(current, previous));
}
