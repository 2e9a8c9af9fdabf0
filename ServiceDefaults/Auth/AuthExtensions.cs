using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using Son1kVers3.ServiceDefaults.Discovery;
using Son1kVers3.ServiceDefaults.Health;

namespace Son1kVers3.ServiceDefaults.Auth;

/// <summary>Checks access tokens: JWT, ES256, issued by profile.</summary>
public static class AuthExtensions
{
    /// <summary>Issuer and audience of every token.</summary>
    public const string Issuer = "son1kvers3";

    /// <summary>
    /// Bearer authentication against profile's JWKS, and the policy <c>operator</c>.
    /// A service that has the keys itself registers its own <see cref="ISigningKeys"/> before.
    /// </summary>
    public static IServiceCollection AddServiceAuth(this IServiceCollection services)
    {
        if (services.All(s => s.ServiceType != typeof(ISigningKeys)))
        {
            services.AddServiceReads(JwksSigningKeys.ClientName);
            services.AddSingleton<JwksSigningKeys>();
            services.AddSingleton<ISigningKeys>(p => p.GetRequiredService<JwksSigningKeys>());
            services.AddSingleton<IWarmUp>(p => p.GetRequiredService<JwksSigningKeys>());
            services.AddHealthChecks().AddCheck<JwksSigningKeys>("signing-keys");
        }

        services.AddSingleton<DeletedMembers>().AddSingleton<VerifiedTokens>();
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<ISigningKeys, VerifiedTokens, DeletedMembers, TimeProvider>(Configure);
        services.AddAuthorizationBuilder().AddPolicy(Roles.Operator, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => context.User.IsOperator()));
        return services;
    }

    private static void Configure(JwtBearerOptions options, ISigningKeys keys, VerifiedTokens tokens, DeletedMembers deleted, TimeProvider clock)
    {
        options.MapInboundClaims = false;
        options.TokenHandlers.Clear();
        options.TokenHandlers.Add(tokens);
        options.Events = new JwtBearerEvents
        {
            OnTokenValidated = context =>
            {
                if (context.Principal?.IdOrNull() is { } member && deleted.Contains(member))
                    context.Fail("This account is gone.");
                return Task.CompletedTask;
            },
        };
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = Issuer,
            ValidAudience = Issuer,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            NameClaimType = "sub",
            RoleClaimType = "roles",
            IssuerSigningKeyResolver = (_, _, kid, _) => keys.Current.Where(key => key.KeyId == kid),
            ClockSkew = TimeSpan.FromSeconds(5),
            LifetimeValidator = (notBefore, expires, _, parameters) =>
            {
                var now = clock.GetUtcNow().UtcDateTime;
                return expires > now - parameters.ClockSkew && (notBefore is null || notBefore < now + parameters.ClockSkew);
            },
        };
    }
}
