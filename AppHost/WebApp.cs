using Son1kVers3.AppHost.Lifetime;
using Son1kVers3.Machine;

namespace Son1kVers3.AppHost;

/// <summary>The web app: built beside the services' start, served by the gateway. What is published brings its files along.</summary>
internal static class WebApp
{
    private const string Name = "web";

    /// <summary>Builds what changed (<c>web/scripts/build.mjs</c>, with its log in the dashboard) and tells the gateway where it lies. Without Node the gateway says how to get it.</summary>
    public static IResourceBuilder<ProjectResource> WithWebApp(this IResourceBuilder<ProjectResource> gateway)
    {
        var builder = gateway.ApplicationBuilder;
        if (!builder.ExecutionContext.IsRunMode)
            return gateway;
        var folder = Path.GetFullPath(Path.Combine(builder.AppHostDirectory, "..", "web"));
        if (Tools.Node.All(tool => tool.IsInstalled))
            builder.AddExecutable(Name, "node", folder, "scripts/build.mjs").WithAnnotation(new RunsOnceAnnotation());
        return gateway.WithEnvironment("Web__Folder", Path.Combine(folder, "dist"));
    }
}
