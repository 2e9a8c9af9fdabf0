namespace Son1kVers3.AppHost.Secrets;

/// <summary>Secrets of the application model.</summary>
internal static class SecretExtensions
{
    /// <summary>
    /// A secret that every replica gets. In a run it is the one that is kept with the data: nothing that is set elsewhere on the machine can part the two.
    /// (What is configured as <c>Parameters:name</c> is taken the first time.) What is published asks for it.
    /// </summary>
    public static IResourceBuilder<ParameterResource> AddSecret(this IDistributedApplicationBuilder builder, string name, ParameterDefault generator, HostSettings settings) =>
        builder.ExecutionContext.IsPublishMode
            ? builder.AddParameter(name, generator, secret: true)
            : builder.AddParameter(name, () => settings.Secrets.GetOrCreate(name, () => builder.Configuration[$"Parameters:{name}"] ?? generator.GetDefaultValue()), secret: true);

    /// <summary>A password: any random letters do.</summary>
    public static IResourceBuilder<ParameterResource> AddPassword(this IDistributedApplicationBuilder builder, string name, HostSettings settings) =>
        builder.AddSecret(name, new RandomToken(string.Empty), settings);
}
