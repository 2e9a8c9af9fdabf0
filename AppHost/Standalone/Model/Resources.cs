using System.Collections.ObjectModel;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A named part of the application.</summary>
public interface IResource
{
    /// <summary>Unique in the application.</summary>
    string Name { get; }

    /// <summary>What the model says about it.</summary>
    ResourceAnnotationCollection Annotations { get; }
}

/// <summary>One thing the model says about a resource.</summary>
public interface IResourceAnnotation;

/// <summary>Annotations in the order in which they were added.</summary>
public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>;

/// <summary>Takes environment variables.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>Listens on endpoints.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>Can wait for others before it starts.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>Belongs to another resource and lives with it.</summary>
public interface IResourceWithParent : IResource
{
    /// <summary>The resource it belongs to.</summary>
    IResource Parent { get; }
}

/// <summary>Can be reached with a connection string.</summary>
public interface IResourceWithConnectionString : IResource, IExpressionValue
{
    /// <summary>The connection string.</summary>
    ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default);

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => GetConnectionStringAsync(cancellationToken);
}

/// <summary>Something whose value is known by the time a resource starts.</summary>
public interface IValueProvider
{
    /// <summary>The value.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}

/// <summary>A value that can stand for an environment variable's.</summary>
public interface IExpressionValue : IValueProvider;

/// <summary>The base of all resources.</summary>
/// <param name="name">Unique in the application.</param>
public abstract class Resource(string name) : IResource
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public ResourceAnnotationCollection Annotations { get; } = [];
}

/// <summary>A server that a container runtime would run; here it is a program of the machine.</summary>
/// <param name="name">Unique in the application.</param>
public abstract class ContainerResource(string name) : Resource(name), IResourceWithEnvironment, IResourceWithEndpoints, IResourceWithWaitSupport;

/// <summary>A program of the machine.</summary>
/// <param name="name">Unique in the application.</param>
/// <param name="command">The program.</param>
/// <param name="workingDirectory">Where it starts.</param>
public class ExecutableResource(string name, string command, string workingDirectory)
    : Resource(name), IResourceWithEnvironment, IResourceWithServiceDiscovery, IResourceWithWaitSupport
{
    /// <summary>The program.</summary>
    public string Command => command;

    /// <summary>Where it starts.</summary>
    public string WorkingDirectory => workingDirectory;

    internal IReadOnlyList<string> Arguments { get; init; } = [];
}

/// <summary>A .NET project of the solution.</summary>
/// <param name="name">Unique in the application.</param>
public class ProjectResource(string name) : Resource(name), IResourceWithEnvironment, IResourceWithServiceDiscovery, IResourceWithWaitSupport;
