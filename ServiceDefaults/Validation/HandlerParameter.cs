using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Son1kVers3.ServiceDefaults.Validation;

/// <summary>Something that a handler takes.</summary>
/// <param name="Name">As callers write it.</param>
/// <param name="CodeName">As the code does.</param>
/// <param name="Type">What it is read as.</param>
internal sealed record HandlerParameter(string Name, string CodeName, Type Type)
{
    /// <summary>All of a handler's; services are among them, and of records of parameters what stands in their brackets.</summary>
    public static IEnumerable<HandlerParameter> Of(MethodInfo handler) => handler.GetParameters()
        .SelectMany(parameter => parameter.IsDefined(typeof(AsParametersAttribute)) ? parameter.ParameterType.GetConstructors()[0].GetParameters() : [parameter])
        .Select(parameter => new HandlerParameter(
            parameter.GetCustomAttributes().OfType<IFromQueryMetadata>().FirstOrDefault()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!), parameter.Name!, parameter.ParameterType));
}
