namespace Son1kVers3.Load;

/// <summary>How busy the machine was, beside a figure that was measured on it.</summary>
internal static class LoadAverage
{
    /// <summary>Of the last minute.</summary>
    public static string Now => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
