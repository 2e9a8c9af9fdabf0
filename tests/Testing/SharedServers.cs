using System.Globalization;

namespace Son1kVers3.Testing;

/// <summary>Where a set of servers can be reached: the value of <c>TEST_SERVERS</c> when somebody else started it.</summary>
/// <remarks>Written as <c>key=value</c> pairs between bars: <c>postgresPort=…|redisPort=…|rabbitPort=…|epmdPort=…|password=…|folder=…</c>.</remarks>
/// <param name="PostgresPort">On loopback; user <c>postgres</c>.</param>
/// <param name="RedisPort">On loopback.</param>
/// <param name="RabbitPort">AMQP on loopback; user <c>guest</c>.</param>
/// <param name="EpmdPort">Of the broker's node.</param>
/// <param name="Password">The same for all three.</param>
/// <param name="Folder">The set's data.</param>
internal sealed record SharedServers(int PostgresPort, int RedisPort, int RabbitPort, int EpmdPort, string Password, string Folder)
{
    /// <summary>The variable that names a running set.</summary>
    public const string Variable = "TEST_SERVERS";

    public static SharedServers? FromEnvironment()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } text)
        {
            return null;
        }

        var values = text.Split('|').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return new SharedServers(Port("postgresPort"), Port("redisPort"), Port("rabbitPort"), Port("epmdPort"), values["password"], values["folder"]);

        int Port(string name) => int.Parse(values[name], CultureInfo.InvariantCulture);
    }

    public override string ToString() =>
        $"postgresPort={PostgresPort}|redisPort={RedisPort}|rabbitPort={RabbitPort}|epmdPort={EpmdPort}|password={Password}|folder={Folder}";
}
