using Son1kVers3.Pool.Likes;

namespace Son1kVers3.Pool.Tests.Likes;

[Trait("Category", "Unit")]
public sealed class AccountAgeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void LikesCountFrom_ADayAfterTheAccountWasMade_AsItsIdSays() =>
        Assert.Equal(Now.AddDays(-3), AccountAge.LikesCountFrom(Guid.CreateVersion7(Now.AddDays(-4)), Now));

    [Theory]
    [InlineData("0e0f3b39-6f3a-4a4e-9d5a-111111111111")]
    [InlineData("ffffffff-ffff-7fff-bfff-ffffffffffff")]
    public void LikesCountFrom_WhenTheIdTellsNothing_ADayAfterNow(string id) =>
        Assert.Equal(Now.AddDays(1), AccountAge.LikesCountFrom(Guid.Parse(id), Now));
}
