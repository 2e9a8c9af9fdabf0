using System.Net;
using Son1kVers3.Stealth.Egress;

namespace Son1kVers3.Stealth.Tests.Egress;

[Trait("Category", "Unit")]
public sealed class AddressGuardTests
{
    [Theory]
    [InlineData("93.184.215.14", true, true)]
    [InlineData("2606:2800:21f:cb07:6820:80da:af6b:8b2c", true, true)]
    [InlineData("127.0.0.1", false, true)]
    [InlineData("10.1.2.3", false, true)]
    [InlineData("172.16.0.1", false, true)]
    [InlineData("172.32.0.1", true, true)]
    [InlineData("192.168.1.10", false, true)]
    [InlineData("100.64.0.1", false, true)]
    [InlineData("::1", false, true)]
    [InlineData("fd12:3456::1", false, true)]
    [InlineData("::ffff:10.0.0.1", false, true)]
    [InlineData("64:ff9b::a00:1", false, true)]
    [InlineData("2002:a00:1::", false, true)]
    [InlineData("169.254.169.254", false, false)]
    [InlineData("::ffff:169.254.169.254", false, false)]
    [InlineData("64:ff9b::a9fe:a9fe", false, false)]
    [InlineData("fe80::1", false, false)]
    [InlineData("fd00:ec2::254", false, false)]
    [InlineData("0.0.0.0", false, false)]
    [InlineData("::", false, false)]
    [InlineData("224.0.0.1", false, false)]
    [InlineData("255.255.255.255", false, false)]
    public void IsAllowed_KnowsWhatIsPrivate_InEveryClothing(string address, bool always, bool whenPrivateIsAllowed)
    {
        Assert.Equal(always, AddressGuard.IsAllowed(IPAddress.Parse(address), allowPrivate: false));
        Assert.Equal(whenPrivateIsAllowed, AddressGuard.IsAllowed(IPAddress.Parse(address), allowPrivate: true));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    public async Task ConnectAsync_ToANameThatLeadsInside_Refuses(string host) =>
        await Assert.ThrowsAsync<AddressRefusedException>(async () => await AddressGuard.ConnectAsync(new DnsEndPoint(host, 80), allowPrivate: false, default));
}
