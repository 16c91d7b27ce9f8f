using Actors.Hosting;
using Actors.Zep;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Actors.Silo.Tests;

public class ZepServicesTests
{
    [Theory]
    [InlineData("z_one", "ZEP_API_KEY=z_one")]
    [InlineData("z_two", "ZEP_API_KEY=z_one", "Zep:ApiKey=z_two")]
    [InlineData("")]
    public void the_key_may_come_by_the_variable_that_other_clients_of_Zep_know_too(string key, params string[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => setting.Split('=')).Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1]))).Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddZep().BuildServiceProvider();

        var options = services.GetRequiredService<IOptions<ZepOptions>>().Value;

        Assert.Equal((key, key.Length > 0), (options.ApiKey, options.IsOn));
    }
}
