namespace Son1kVers3.Machine;

/// <summary>What the studio needs on the machine on which it renders.</summary>
public static class StudioTools
{
    /// <summary>
    /// Installs what is missing. Where that is not possible it says so and goes on: the studio then reports itself as degraded, and everything else works.
    /// </summary>
    /// <param name="consent">The answer is yes without asking.</param>
    public static async Task PrepareAsync(bool consent)
    {
        try
        {
            await DebianPackages.EnsureAsync(Tools.Studio, Console.WriteLine, consent);
        }
        catch (MissingToolsException exception)
        {
            await Console.Error.WriteLineAsync($"The studio can't render on this machine yet. {exception.Message}");
        }
    }
}
