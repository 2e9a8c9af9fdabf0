using Son1kVers3.AppHost.Secrets;

namespace Son1kVers3.AppHost.Tests;

[Trait("Category", "Unit")]
public sealed class SecretFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("secrets-").FullName;

    [Fact]
    public void GetOrCreate_WhenAskedByALaterRun_GivesTheSame()
    {
        var made = new SecretFile(_folder).GetOrCreate("key", () => "first");

        Assert.Equal("first", made);
        Assert.Equal("first", new SecretFile(_folder).GetOrCreate("key", () => "second"));
    }

    [Fact]
    public void File_IsReadableByItsOwnerAlone()
    {
        new SecretFile(_folder).GetOrCreate("key", () => "value");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "secrets.json")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
