using Microsoft.EntityFrameworkCore.Migrations;
using Son1kVers3.ServiceDefaults.Messaging;

#nullable disable

namespace Son1kVers3.Stealth.Data.Migrations
{
    /// <inheritdoc />
    public partial class WakeTheRelayInProcess : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropOutboxNotification();
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddOutboxNotification();
        }
    }
}
