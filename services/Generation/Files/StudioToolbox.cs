using Son1kVers3.Studio.Programs;

namespace Son1kVers3.Generation.Files;

/// <summary>The studio's tools on this machine, from section <c>Studio</c> of the configuration or found where packages put them.</summary>
internal sealed class StudioToolbox(IConfiguration configuration)
{
    private volatile StudioToolsReport? _report;

    /// <summary>The tools.</summary>
    /// <exception cref="StudioMissingException">They are not there.</exception>
    public StudioTools Tools => Report.Tools ?? throw new StudioMissingException(Report.Explanation ?? "The studio's tools are missing.");

    /// <summary>What was found last.</summary>
    public StudioToolsReport Report => _report ?? Refresh();

    /// <summary>Searches again: packages can be installed while we run.</summary>
    public StudioToolsReport Refresh() =>
        _report = StudioTools.Find(configuration.GetSection("Studio").Get<StudioToolPaths>() ?? new StudioToolPaths());
}

/// <summary>The studio's tools are not on this machine.</summary>
internal sealed class StudioMissingException(string message) : Exception(message);
