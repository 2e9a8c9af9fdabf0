using FsCheck;
using FsCheck.Fluent;
using Son1kVers3.Profile.Passwords;
using Son1kVers3.Profile.Sessions;

namespace Son1kVers3.Profile.Tests;

[Trait("Category", "Unit")]
public sealed class PasswordPolicyTests
{
    [Theory]
    [InlineData("ninechars")]
    [InlineData("1234567890")]
    [InlineData("0987654321")]
    [InlineData("qwertyuiop")]
    [InlineData("QwertyUiop123")]
    [InlineData("Password123!")]
    [InlineData("P4ssw0rd_2026")]
    [InlineData("minecraft1")]
    [InlineData("abcabcabcabc")]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("1231231231231")]
    [InlineData("hijklmnopqrst")]
    [InlineData("Son1kVers3!!")]
    [InlineData("marisol.vega")]
    [InlineData("MarisolVega99@example.org")]
    [InlineData("600123456789")]
    [InlineData("xxmarisol.vegaxx")]
    [InlineData("Summer2026!")]
    [InlineData("Verano2026!!")]
    [InlineData("Winter#2024")]
    [InlineData("September2025")]
    [InlineData("correcthorsebatterystaple")]
    [InlineData("correct horse battery staple")]
    [InlineData("Monkey2026!")]
    [InlineData("Charlie1234!")]
    [InlineData("realmadrid2026")]
    [InlineData("trustno1trustno1")]
    [InlineData("ｐａｓｓｗｏｒｄ１２３４")]
    [InlineData("ＱＷＥＲＴＹＵＩＯＰ")]
    [InlineData("𝗽𝗮𝘀𝘀𝘄𝗼𝗿𝗱𝟭𝟮𝟯")]
    public void Fault_WhenThePasswordIsTriedFirst_IsASentence(string password) =>
        Assert.NotNull(PasswordPolicy.Fault(password, "marisol.vega", "MarisolVega99@example.org"));

    [Theory]
    [InlineData("a-quiet-Harbour-71")]
    [InlineData("correct horse battery")]
    [InlineData("ñandú bajo la lluvia")]
    [InlineData("Tr0ub4dor&3-x")]
    [InlineData("🎸🎹🥁🎺🎻🪕🎷🪗🪘🎤")]
    [InlineData("marisol.vega-likes-trains")]
    public void Fault_WhenThePasswordIsSound_IsNull(string password) =>
        Assert.Null(PasswordPolicy.Fault(password, "marisol.vega", "MarisolVega99@example.org"));

    [Fact]
    public void Fault_WhenThePasswordIsLongerThan256_IsASentence()
    {
        var sound = string.Concat(Enumerable.Range(0, 100).Select(i => $"w{i} "));
        Assert.Null(PasswordPolicy.Fault(sound[..256], null, null));
        Assert.NotNull(PasswordPolicy.Fault(sound[..257], null, null));
    }

    [Theory]
    [InlineData("contraseña-de-ñandú", "contrasen\u0303a-de-n\u0303andu\u0301")]
    [InlineData("ﬁsh-and-①-ﬂute", "fish-and-1-flute")]
    public void Normalize_WhenAKeyboardComposesOtherwise_IsTheSame(string one, string other) =>
        Assert.Equal(PasswordPolicy.Normalize(one), PasswordPolicy.Normalize(other));

    [Fact]
    public void Normalize_WhateverIsTyped_IsStableAndNeverThrows() => Prop.ForAll<string>(text =>
    {
        var once = PasswordPolicy.Normalize(text ?? "");
        return PasswordPolicy.Normalize(once) == once;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Waits_WhenGivenToTheStatement_AreTheRuleUntilItStopsGrowing()
    {
        var waits = Backoff.ForAccount.Waits();
        Assert.Equal(Enumerable.Range(1, waits.Length).Select(n => Backoff.ForAccount.After(n)), waits);
        Assert.Equal(Backoff.ForAccount.Longest, waits[^1]);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 0)]
    [InlineData(6, 1)]
    [InlineData(7, 2)]
    [InlineData(11, 32)]
    [InlineData(12, 60)]
    [InlineData(1_000_000, 60)]
    public void Backoff_WhenFailuresGrow_DoublesUpToAMinute(long failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Backoff.ForAccount.After(failures));
}
