// pages.ts - what the menu and the palette lead to, and who may go there.
import type { Scope } from '../api/client';
import type { IconName } from '../ui/icons';

export interface Page {
  path: string;
  title: string;
  icon: IconName;
  scope: Scope;
  key: string; // After "g".
  isSetup?: boolean; // Where the house is set up, not run.
}

// Where the palette leads, too.
export const DOORS: (Omit<Page, 'key'> & { key?: string })[] = [
  { path: '/orders/new', title: 'New order', icon: 'orders', scope: 'orders:write' },
  {
    path: '/purchase-orders/new',
    title: 'New purchase order',
    icon: 'basket',
    scope: 'inventory:write',
  },
  { path: '/suppliers', title: 'Suppliers', icon: 'basket', scope: 'inventory:read' },
  { path: '/orphan-labels', title: 'Labels nobody wants', icon: 'label', scope: 'shipping:read' },
  { path: '/invoice-series', title: 'Invoice numbers', icon: 'book', scope: 'finance:read' },
  { path: '/jobs', title: 'Jobs on many orders', icon: 'orders', scope: 'orders:read' },
];

export const PAGES: Page[] = [
  { path: '/', title: 'Home', icon: 'home', scope: 'orders:read', key: 'h' },
  { path: '/orders', title: 'Orders', icon: 'orders', scope: 'orders:read', key: 'o' },
  { path: '/drafts', title: 'Drafts and quotes', icon: 'copy', scope: 'orders:read', key: 'd' },
  {
    path: '/fulfillment',
    title: 'Fulfillment',
    icon: 'truck',
    scope: 'fulfillment:read',
    key: 'f',
  },
  { path: '/picking', title: 'Picking', icon: 'boxes', scope: 'fulfillment:read', key: 'p' },
  { path: '/pickups', title: 'Counter', icon: 'store', scope: 'fulfillment:read', key: 'u' },
  { path: '/handover', title: 'Hand-over', icon: 'leave', scope: 'shipping:read', key: 'm' },
  { path: '/tasks', title: 'Tasks', icon: 'check', scope: 'tasks:read', key: 't' },
  { path: '/returns', title: 'Returns', icon: 'back', scope: 'orders:read', key: 'b' },
  { path: '/inventory', title: 'Inventory', icon: 'shelf', scope: 'inventory:read', key: 'i' },
  { path: '/transfers', title: 'Transfers', icon: 'swap', scope: 'inventory:read', key: 'x' },
  {
    path: '/purchase-orders',
    title: 'Purchase orders',
    icon: 'basket',
    scope: 'inventory:read',
    key: 'k',
  },
  { path: '/reports', title: 'Reports', icon: 'chart', scope: 'reports:read', key: 'r' },
  { path: '/journal', title: 'Journal', icon: 'book', scope: 'finance:read', key: 'j' },
  { path: '/fx-rates', title: 'Exchange rates', icon: 'coins', scope: 'finance:read', key: 'z' },
  { path: '/customers', title: 'Customers', icon: 'person', scope: 'customers:read', key: 'c' },
  { path: '/companies', title: 'Companies', icon: 'firm', scope: 'customers:read', key: 'q' },
  { path: '/products', title: 'Products', icon: 'tag', scope: 'catalog:read', key: 's' },
  {
    path: '/channels',
    title: 'Channels',
    icon: 'store',
    scope: 'channels:read',
    key: 'n',
    isSetup: true,
  },
  {
    path: '/locations',
    title: 'Locations',
    icon: 'pin',
    scope: 'inventory:read',
    key: 'l',
    isSetup: true,
  },
  {
    path: '/carriers',
    title: 'Carriers',
    icon: 'label',
    scope: 'shipping:read',
    key: 'v',
    isSetup: true,
  },
  {
    path: '/webhooks',
    title: 'Webhooks',
    icon: 'bell',
    scope: 'webhooks:read',
    key: 'w',
    isSetup: true,
  },
  {
    path: '/people',
    title: 'People',
    icon: 'people',
    scope: 'users:read',
    key: 'e',
    isSetup: true,
  },
  { path: '/keys', title: 'API keys', icon: 'key', scope: 'keys:read', key: 'a', isSetup: true },
  {
    path: '/system',
    title: 'System',
    icon: 'gauge',
    scope: 'system:read',
    key: 'y',
    isSetup: true,
  },
];
