namespace Son1kVers3.AppHost.Lifetime;

/// <summary>Runs what was built with the application host, in the same configuration.</summary>
internal static class RunsAsBuilt
{
    /// <summary>Without this every service had a <c>dotnet run</c> around it, which lives as long and takes 75 MB.</summary>
    public static IResourceBuilder<ProjectResource> RunAsBuilt(this IResourceBuilder<ProjectResource> project)
    {
        if (!project.ApplicationBuilder.ExecutionContext.IsRunMode)
            return project;
        var path = project.Resource.GetProjectMetadata().ProjectPath;
        var folder = Path.GetDirectoryName(path)!;

        // bin/Debug/net10.0, as it is of our own assembly.
        string[] output = ["bin", .. typeof(RunsAsBuilt).Assembly.Location.Split(Path.DirectorySeparatorChar)[^3..^1]];
        var program = Path.Combine([folder, .. output, $"Son1kVers3.{Path.GetFileNameWithoutExtension(path)}"]);
        return project.WithAnnotation(new ExecutableAnnotation { Command = program, WorkingDirectory = folder });
    }
}
