namespace Aspire.Hosting.ApplicationModel;

/// <summary>Sets environment variables when a resource starts.</summary>
/// <param name="callback">Sets them.</param>
public sealed class EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> callback) : IResourceAnnotation
{
    /// <summary>Sets them.</summary>
    public Func<EnvironmentCallbackContext, Task> Callback => callback;
}

/// <summary>The environment of a resource that is about to start.</summary>
/// <param name="executionContext">Always a local run.</param>
/// <param name="resource">Whose environment it is.</param>
public sealed class EnvironmentCallbackContext(DistributedApplicationExecutionContext executionContext, IResource resource)
{
    /// <summary>Always a local run.</summary>
    public DistributedApplicationExecutionContext ExecutionContext => executionContext;

    /// <summary>Whose environment it is.</summary>
    public IResource Resource => resource;

    /// <summary>Strings, or values that are known by the time of the start (<see cref="IValueProvider"/>).</summary>
    public Dictionary<string, object> EnvironmentVariables { get; } = [];
}

internal sealed record WaitAnnotation(IResource Resource) : IResourceAnnotation;

/// <summary>Uses another resource: it is stopped before the other one, whoever started first.</summary>
internal sealed record ReferenceAnnotation(IResource Resource) : IResourceAnnotation;

internal sealed record ReplicaAnnotation(int Replicas) : IResourceAnnotation;

internal sealed record HttpHealthCheckAnnotation(string Path, int StatusCode, string? EndpointName) : IResourceAnnotation;

internal sealed record ProjectAnnotation(IProjectMetadata Metadata) : IResourceAnnotation;
