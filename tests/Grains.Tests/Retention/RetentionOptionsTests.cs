using Actors.Retention;

namespace Actors.Grains.Tests.Retention;

public class RetentionOptionsTests
{
    private static readonly DateTimeOffset Now = new(2031, 3, 9, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void by_default_expired_memories_and_the_log_are_kept_for_30_days_and_beliefs_for_ever()
    {
        var options = new RetentionOptions();

        Assert.True(new RetentionValidation().Validate(null, options).Succeeded);
        Assert.Equal(Now.AddDays(-30), RetentionOptions.Horizon(options.ExpiredEvents, Now));
        Assert.Equal(Now.AddDays(-30), RetentionOptions.Horizon(options.ChangeLog, Now));
        Assert.Null(RetentionOptions.Horizon(options.FactVersions, Now));
    }

    [Theory]
    [InlineData("ExpiredEvents", "00:00:00")]
    [InlineData("ExpiredEvents", "-1.00:00:00")]
    [InlineData("ExpiredEvents", "")]
    [InlineData("ExpiredEvents", "soon")]
    [InlineData("FactVersions", "00:00:00")]
    [InlineData("ChangeLog", "23:59:59")]
    public void a_setting_that_makes_no_sense_is_named(string setting, string value)
    {
        var options = new RetentionOptions();
        typeof(RetentionOptions).GetProperty(setting)!.SetValue(options, value);

        Assert.Contains($"Retention:{setting} must be", new RetentionValidation().Validate(null, options).FailureMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("never")]
    [InlineData("Never")]
    [InlineData("10000000.00:00:00")]
    public void what_is_kept_for_ever_or_longer_than_there_is_time_has_no_horizon(string value)
    {
        Assert.True(new RetentionValidation().Validate(null, new RetentionOptions { ExpiredEvents = value }).Succeeded);
        Assert.Null(RetentionOptions.Horizon(value, Now));
    }
}
