using Son1kVers3.Studio.Programs;

namespace Son1kVers3.Generation.Providers;

/// <summary>The studio's tools on this machine, from section <c>Studio</c> of the configuration or found where packages put them.</summary>
internal sealed class StudioKit(IConfiguration configuration)
{
    private volatile StudioToolsReport? _report;

    /// <summary>The tools.</summary>
    /// <exception cref="ProviderException">They are not there.</exception>
    public StudioTools Tools => Report.Tools ?? throw new ProviderException(ProviderError.Transient, Report.Explanation ?? "The studio's tools are missing.");

    /// <summary>What was found at the last look.</summary>
    public StudioToolsReport Report => _report ?? Look();

    /// <summary>Looks again: packages can be installed while we run.</summary>
    public StudioToolsReport Look() =>
        _report = StudioTools.Find(configuration.GetSection("Studio").Get<StudioToolPaths>() ?? new StudioToolPaths());
}
