using Microsoft.AspNetCore.Authentication;

namespace Actors.Access;

/// <summary>Every route needs a key, but those that say <c>AllowAnonymous</c>.</summary>
internal static class AccessSetup
{
    public static void AddAccess(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(new AdminKey(AdminKeyFile.ReadOrCreate(builder.Configuration["Data"] ?? ".data")));
        builder.Services.AddAuthentication(ApiKeyAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        builder.Services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    public static void UseAccess(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
    }
}
