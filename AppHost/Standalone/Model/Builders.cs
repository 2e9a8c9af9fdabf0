using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.ApplicationModel
{
    /// <summary>Adds to a resource.</summary>
    /// <typeparam name="T">The kind of resource.</typeparam>
    public interface IResourceBuilder<out T>
        where T : IResource
    {
        /// <summary>The application that the resource is part of.</summary>
        IDistributedApplicationBuilder ApplicationBuilder { get; }

        /// <summary>The resource.</summary>
        T Resource { get; }

        /// <summary>Adds an annotation.</summary>
        IResourceBuilder<T> WithAnnotation<TAnnotation>(TAnnotation annotation)
            where TAnnotation : IResourceAnnotation;
    }

    internal sealed class ResourceBuilder<T>(IDistributedApplicationBuilder applicationBuilder, T resource) : IResourceBuilder<T>
        where T : IResource
    {
        public IDistributedApplicationBuilder ApplicationBuilder => applicationBuilder;

        public T Resource => resource;

        public IResourceBuilder<T> WithAnnotation<TAnnotation>(TAnnotation annotation)
            where TAnnotation : IResourceAnnotation
        {
            resource.Annotations.Add(annotation);
            return this;
        }
    }
}

namespace Aspire.Hosting
{
    /// <summary>Can be found by others under its name (<c>services__name__http__0</c>).</summary>
    public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

    /// <summary>A project of the solution; generated for each project reference of the application host.</summary>
    public interface IProjectMetadata : IResourceAnnotation
    {
        /// <summary>The project file.</summary>
        string ProjectPath { get; }

        /// <summary>It is built with the application host.</summary>
        bool SuppressBuild => false;
    }

    /// <summary>How to add a project.</summary>
    public sealed class ProjectResourceOptions
    {
        /// <summary>Don't read the project's launch settings. Here they never are.</summary>
        public bool ExcludeLaunchProfile { get; set; }

        /// <summary>Don't read the endpoints of the project's own configuration. Here they never are.</summary>
        public bool ExcludeKestrelEndpoints { get; set; }

        /// <summary>The launch profile to read.</summary>
        public string? LaunchProfileName { get; set; }
    }

    /// <summary>What the model is described for.</summary>
    public sealed class DistributedApplicationExecutionContext
    {
        /// <summary>To run on this machine: always.</summary>
        public bool IsRunMode => true;

        /// <summary>To be published: never from here.</summary>
        public bool IsPublishMode => false;
    }

    /// <summary>Describes an application.</summary>
    public interface IDistributedApplicationBuilder
    {
        /// <summary>The application host's folder.</summary>
        string AppHostDirectory { get; }

        /// <summary>Settings, environment variables and the command line.</summary>
        ConfigurationManager Configuration { get; }

        /// <summary>Development, unless told otherwise.</summary>
        IHostEnvironment Environment { get; }

        /// <summary>What the model is described for.</summary>
        DistributedApplicationExecutionContext ExecutionContext { get; }

        /// <summary>Everything that was added.</summary>
        IList<IResource> Resources { get; }

        /// <summary>Adds a resource.</summary>
        IResourceBuilder<T> AddResource<T>(T resource)
            where T : IResource;

        /// <summary>The application, ready to run.</summary>
        DistributedApplication Build();
    }

    internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
    {
        private const string ProjectPathKey = "apphostprojectpath";

        private readonly HostApplicationBuilder host;

        public DistributedApplicationBuilder(string[] args)
        {
            if (args.Any(argument => argument is "--publisher" or "--operation" or "publish"))
            {
                throw new NotSupportedException("Publishing needs Aspire: build with -p:UseAspire=true.");
            }

            AppHostDirectory = Assembly.GetEntryAssembly()?.GetCustomAttributes<AssemblyMetadataAttribute>()
                .FirstOrDefault(attribute => attribute.Key == ProjectPathKey)?.Value ?? Directory.GetCurrentDirectory();
            host = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
            {
                Args = args,
                ContentRootPath = AppHostDirectory,
                EnvironmentName = System.Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT")
                    ?? System.Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environments.Development,
            });
            Secrets = new Son1kVers3.Standalone.Running.SecretStore(Folder);
        }

        public string AppHostDirectory { get; }

        public ConfigurationManager Configuration => host.Configuration;

        public IHostEnvironment Environment => host.Environment;

        public DistributedApplicationExecutionContext ExecutionContext { get; } = new();

        public IList<IResource> Resources { get; } = [];

        internal Son1kVers3.Standalone.Running.SecretStore Secrets { get; }

        /// <summary>Where servers keep their data, and what must be the same at the next start.</summary>
        internal string Folder => Son1kVers3.Machine.DataFolder.Find(AppHostDirectory, Configuration["SON1K_DATA"]);

        public IResourceBuilder<T> AddResource<T>(T resource)
            where T : IResource
        {
            if (Resources.Any(other => other.Name == resource.Name))
            {
                throw new InvalidOperationException($"There are two resources named '{resource.Name}'.");
            }

            Resources.Add(resource);
            return new ResourceBuilder<T>(this, resource);
        }

        public DistributedApplication Build() => new(this);
    }
}
