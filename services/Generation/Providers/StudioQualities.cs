using Son1kVers3.Contracts;
using Son1kVers3.Studio;

namespace Son1kVers3.Generation.Providers;

/// <summary>The product's qualities as the studio names them.</summary>
internal static class StudioQualities
{
    public static StudioQuality ToStudio(this Quality quality) => quality switch
    {
        Quality.Standard => StudioQuality.Standard,
        Quality.High => StudioQuality.High,
        Quality.Ultra => StudioQuality.Ultra,
        _ => throw new ArgumentOutOfRangeException(nameof(quality), quality, "No such quality."),
    };
}
