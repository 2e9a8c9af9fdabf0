using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.DependencyInjection;

namespace Son1kVers3.LocalServers;

/// <summary>Runs one of Aspire's own server resources as a program of this machine instead of in a container.</summary>
/// <remarks>
/// <para>
/// The server resource keeps what the rest of the model knows of it: its name, connection string, health check and children. Without an image Aspire's
/// orchestrator starts nothing for it; the program, an executable, shares its endpoint and so listens where the server's clients connect.
/// </para>
/// <para>
/// What Aspire does for a container and its children (saying that the connection string is known, passing its state on to them) is done here for the program.
/// </para>
/// </remarks>
internal static class ProgramOfServer
{
    /// <summary>Whether servers of this application run as programs: only in a run, what is published names containers.</summary>
    public static bool IsNeeded(IDistributedApplicationBuilder builder, LocalData data) =>
        builder.ExecutionContext.IsRunMode && (data.PrefersPrograms || !ContainerRuntime.IsPresent);

    /// <summary>Lets <paramref name="program"/> be what runs for <paramref name="server"/>.</summary>
    public static IResourceBuilder<T> RunAs<T>(this IResourceBuilder<T> server, IResourceBuilder<ExecutableResource> program)
        where T : ContainerResource, IResourceWithConnectionString
    {
        var annotations = server.Resource.Annotations;
        foreach (var container in annotations.Where(annotation => annotation is ContainerImageAnnotation or ContainerMountAnnotation).ToList())
            annotations.Remove(container);

        // Aspire chooses the port, and the program binds it itself: nothing stands between it and its clients.
        var endpoint = annotations.OfType<EndpointAnnotation>().Single(candidate => candidate.Name == "tcp");
        (endpoint.TargetPort, endpoint.IsProxied, endpoint.TargetHost) = (null, false, "127.0.0.1");
        program.WithAnnotation(endpoint).WithParentRelationship(server);

        var family = new Lazy<IResource[]>(() =>
            [server.Resource, .. server.ApplicationBuilder.Resources.Where(resource => resource is IResourceWithParent child && child.Parent == server.Resource)]);
        var announced = false;
        program.OnResourceEndpointsAllocated(async (_, allocated, cancellationToken) =>
        {
            // Again at every start of the program; the connection string is news only once.
            if (Interlocked.Exchange(ref announced, true))
                return;
            foreach (var member in family.Value.OfType<IResourceWithConnectionString>())
                await server.ApplicationBuilder.Eventing.PublishAsync(new ConnectionStringAvailableEvent(member, allocated.Services), cancellationToken);
        });
        server.OnInitializeResource((_, initialized, cancellationToken) => FollowAsync(program.Resource, family.Value, initialized.Notifications, cancellationToken));
        return server;
    }

    private static async Task FollowAsync(IResource program, IResource[] family, ResourceNotificationService notifications, CancellationToken cancellationToken)
    {
        await foreach (var change in notifications.WatchAsync(cancellationToken))
        {
            if (change.Resource != program)
                continue;
            foreach (var member in family)
            {
                await notifications.PublishUpdateAsync(member, state => state with
                {
                    State = change.Snapshot.State,
                    StartTimeStamp = change.Snapshot.StartTimeStamp,
                    StopTimeStamp = change.Snapshot.StopTimeStamp,
                    ExitCode = change.Snapshot.ExitCode,
                });
            }
        }
    }
}
