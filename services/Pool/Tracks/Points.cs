using Son1kVers3.Contracts;

namespace Son1kVers3.Pool.Tracks;

/// <summary>What contributions are worth.</summary>
internal static class Points
{
    /// <summary>Standard 1, high 2, ultra 3.</summary>
    public static int Of(Quality quality) => quality switch
    {
        Quality.Standard => 1,
        Quality.High => 2,
        Quality.Ultra => 3,
        _ => throw new ArgumentOutOfRangeException(nameof(quality)),
    };
}
