using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace Actors.Access;

/// <summary>Every route needs a key, but those that say <c>AllowAnonymous</c>.</summary>
internal static class AccessSetup
{
    public static void AddAccess(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<AccessOptions>().BindConfiguration("Access")
            .Validate(o => o.RequestsPerMinute >= 1, "Access:RequestsPerMinute must be at least 1.")
            .Validate(o => o.AdminKey is null || AdminKeyFile.IsKey(o.AdminKey), "Access:AdminKey must be pm_admin_ and at least 32 characters more.")
            .ValidateOnStart();
        var given = builder.Configuration["Access:AdminKey"];
        var file = given is null ? AdminKeyFile.ReadOrCreate(builder.Configuration["Data"] ?? ".data") : null;
        // Not before the options are checked.
        builder.Services.AddSingleton(_ => new AdminKey(given ?? file!));
        builder.Services.AddSingleton<Clients.ErasureSignal>();
        builder.Services.AddSingleton<KeyTable>();
        builder.Services.AddSingleton<BrowserSessions>();
        // After the grains and before the server, which is always the last.
        builder.Services.AddHostedService<KeyTableService>();
        builder.Services.AddAuthentication(ApiKeyAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        builder.Services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    public static void UseAccess(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseMiddleware<AccessGate>();
    }

    public static void MapAccess(this IEndpointRouteBuilder app)
    {
        app.MapKeys();
        app.MapLogin();
    }
}
