using Son1kVers3.Stealth.Fleet;

namespace Son1kVers3.Stealth.Tests.Accounts;

[Trait("Category", "Unit")]
public sealed class KeyLifecycleTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Current_IsTheNewestActiveKey()
    {
        AccountKey[] keys = [Key(-3), Key(-1), Key(-2), Key(0, KeyStatus.Draining)];
        Assert.Same(keys[1], KeyLifecycle.Current(keys, Now));
    }

    [Fact]
    public void Current_WhenTheNewestExpiredOrWasRefused_IsTheNextOne()
    {
        AccountKey[] keys = [Key(-3), Key(-2, expires: -1), Key(-1, refused: true)];
        Assert.Same(keys[0], KeyLifecycle.Current(keys, Now));
    }

    [Fact]
    public void Current_WhenAllWereRefused_TriesTheNewestAgain()
    {
        AccountKey[] keys = [Key(-2, refused: true), Key(-1, refused: true)];
        Assert.Same(keys[1], KeyLifecycle.Current(keys, Now));
    }

    [Fact]
    public void Advance_OverlapsThenDrainsThenRevokes()
    {
        var key = Key(-1);
        KeyLifecycle.GiveWay(key, TimeSpan.FromHours(1), Now);
        Assert.False(KeyLifecycle.Advance(key, inUse: true, Now.AddMinutes(59)));
        Assert.True(KeyLifecycle.Advance(key, inUse: true, Now.AddMinutes(60)));
        Assert.Equal(KeyStatus.Draining, key.Status);
        Assert.NotNull(key.Secret);

        Assert.False(KeyLifecycle.Advance(key, inUse: true, Now.AddMinutes(119)));
        Assert.True(KeyLifecycle.Advance(key, inUse: false, Now.AddMinutes(119)));

        Assert.Equal(KeyStatus.Revoked, key.Status);
        Assert.Null(key.Secret);
    }

    [Fact]
    public void Advance_WhenWhatDrainsLastsTooLong_RevokesAnyway()
    {
        var key = Key(-1);
        KeyLifecycle.GiveWay(key, TimeSpan.Zero, Now);

        Assert.Equal(KeyStatus.Draining, key.Status);
        Assert.True(KeyLifecycle.Advance(key, inUse: true, Now + KeyLifecycle.Drain));
    }

    [Fact]
    public void Advance_WhenAKeyExpires_EndsIt()
    {
        var key = Key(-1, expires: 0);
        Assert.True(KeyLifecycle.Advance(key, inUse: true, Now));
        Assert.Equal(KeyStatus.Revoked, key.Status);
    }

    [Theory]
    [InlineData(20, null, null)]
    [InlineData(14, null, 14)]
    [InlineData(13, 14, null)]
    [InlineData(6.5, 14, 7)]
    [InlineData(0.5, 7, 1)]
    [InlineData(0.5, 1, null)]
    [InlineData(0.5, null, 1)]
    public void WarningOf_ComesOnceAtEachThreshold(double days, int? warned, int? expected)
    {
        var key = Key(-1, expires: days);
        key.WarnedDays = warned;
        Assert.Equal(expected, KeyLifecycle.WarningOf(key, Now));
    }

    private static AccountKey Key(double created, KeyStatus status = KeyStatus.Active, double? expires = null, bool refused = false) => new()
    {
        Id = Guid.CreateVersion7(Now.AddDays(created)),
        Secret = [1],
        Mask = "••••",
        Status = status,
        CreatedAt = Now.AddDays(created),
        ExpiresAt = expires is { } days ? Now.AddDays(days) : null,
        RefusedAt = refused ? Now : null,
    };
}
