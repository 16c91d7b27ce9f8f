using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Actors.Support;

/// <summary>Hosts that serve a database beside another one, as two silos do of which each believes that the other is dead.</summary>
internal static class HostLockFree
{
    /// <summary>Leaves out the lock that keeps other hosts away, where the host takes one.</summary>
    public static void RemoveHostLock(this IServiceCollection services)
    {
        foreach (var hostLock in services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationFactory?.Method.ReturnType == typeof(Hosting.HostLock)).ToList())
        {
            services.Remove(hostLock);
        }
    }
}
